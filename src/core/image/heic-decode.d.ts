/** The part of heic-decode 2.1 that Easel uses; the package carries no types. */
declare module 'heic-decode' {
  interface HeicPicture {
    width: number;
    height: number;
    /** RGBA, orientation applied. */
    decode(): Promise<{ width: number; height: number; data: Uint8ClampedArray }>;
  }
  interface HeicDecode {
    /** Reads headers only; pixels are decoded on demand. */
    all(input: { buffer: Uint8Array }): Promise<HeicPicture[] & { dispose(): void }>;
  }
  const heicDecode: HeicDecode;
  export default heicDecode;
}
