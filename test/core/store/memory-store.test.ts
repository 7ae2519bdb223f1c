import { createMemoryStore } from '../../../src/core/store/memory-store.ts';
import { storeContract } from '../../contract/store.contract.ts';

storeContract('memory', { open: async () => createMemoryStore(), isDurable: false });
