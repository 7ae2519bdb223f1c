/**
 * Why bytes that are no known raster format are none: text (an HTML page, a message) and stubs of a PNG or JPEG only
 * claim to be a picture; SVG and any other format are real, but not ours.
 */
export function isFakePicture(head: Uint8Array): boolean {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  if (/<svg|<\?xml/i.test(text)) return false;
  return text.length < 16 || /^(\x89P|\xff\xd8|GIF|RIFF....WEBP)/s.test(text) || isText(text);
}

function isText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells bytes from text
  return !/[\x00-\x08\x0e-\x1f]/.test(text);
}
