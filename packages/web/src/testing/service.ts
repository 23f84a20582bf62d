/** A request as the service would see it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Answers one kind of request; a number is a bare status. */
export type Answerer = (request: SeenRequest) => unknown;

export interface FakeService {
  readonly seen: SeenRequest[];
  /** Answers for `METHOD /path` below /api/v1; the longest fitting name wins. */
  readonly on: Record<string, Answerer>;
  readonly calls: (name: string) => SeenRequest[];
}

/** A refusal in the form of the API. */
export class Problem {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, detail: string, nextStep = '') {
    this.status = status;
    this.body = { code, detail, nextStep, errors: [] };
  }
}

/** Puts a service at the other end of `fetch`, over real requests and answers. */
export function fakeService(on: Record<string, Answerer>): FakeService {
  const seen: SeenRequest[] = [];
  const nameOf = (request: SeenRequest) => `${request.method} ${request.path}`;
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, 'http://client.test');
    const request: SeenRequest = {
      method: init?.method ?? 'GET',
      path: url.pathname.replace('/api/v1', ''),
      query: url.searchParams,
      headers: new Headers(init?.headers),
      body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
    };
    seen.push(request);
    const name = Object.keys(on)
      .filter((one) => nameOf(request) === one || nameOf(request).startsWith(`${one}/`))
      .sort((a, b) => b.length - a.length)[0];
    const answer = name === undefined ? new Problem(404, 'NOT_FOUND', '没有') : on[name]?.(request);
    if (answer instanceof Problem) return Response.json(answer.body, { status: answer.status });
    if (answer === undefined) return new Response(null, { status: 204 });
    return Response.json(answer);
  };
  return { seen, on, calls: (name) => seen.filter((request) => nameOf(request) === name) };
}
