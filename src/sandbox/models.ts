import { jsonReply } from './reply.ts';
import type { Gateway, Reply } from './types.ts';

/** A gateway's model list: OpenAI's shape under `/v1/models`, Google's under `/v1beta/models`. */
export function renderModels({ models, renderModels: renderOwn }: Gateway, native: boolean): Reply {
  if (native) return jsonReply(JSON.stringify({ models: models.map(toNativeModel) }, null, 2));
  if (renderOwn !== undefined) return renderOwn(models);
  const data = models.map((id) => ({
    id,
    object: 'model',
    created: 1626777600,
    owned_by: 'google',
  }));
  return jsonReply(JSON.stringify({ object: 'list', data }));
}

function toNativeModel(id: string): object {
  return {
    name: `models/${id}`,
    displayName: id,
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent'],
  };
}
