import { ApiError } from '@shebao/contract';
import { asApiError } from '../shared/index.ts';

/** Saves what an address answers, under the name that the service gives it. */
export function startDownload(url: string, name = ''): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}

/** Reads a file of the service; throws ApiError on a refusal. */
export async function readFile(url: string): Promise<Blob> {
  const response = await fetch(url, { credentials: 'same-origin' }).catch((error: unknown) => {
    throw asApiError(error);
  });
  if (response.ok) return response.blob();
  const problem: unknown = await response.json().catch(() => ({}));
  throw new ApiError(response.status, problem as Record<string, unknown>);
}
