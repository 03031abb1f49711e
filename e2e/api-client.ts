/**
 * A client that knows only the public contract: paths, field names and status codes as its pages
 * name them, over plain HTTP. It checks nothing and shares no schema with the server, so a drift of
 * the two shows in a test.
 */

export type VersionVector = Readonly<Record<string, number>>;

export type Level =
  | 'lww'
  | 'repeatable-read'
  | 'single-key-causal'
  | 'multi-key-causal'
  | 'causal'
  | 'causal-cut';

export const levels: readonly Level[] = [
  'lww',
  'repeatable-read',
  'single-key-causal',
  'multi-key-causal',
  'causal',
  'causal-cut',
];

/** The three that every client is promised first. */
export const mainLevels: readonly Level[] = ['lww', 'repeatable-read', 'causal'];

export interface FunctionSummary {
  readonly name: string;
  readonly version: number;
  readonly language: string;
  readonly parameters: readonly string[];
  readonly usesCloud: boolean;
  readonly source?: string;
}

export interface DagBody {
  readonly nodes: readonly { readonly id: string; readonly function: string }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly parameter: string;
  }[];
  readonly consistency?: Level;
  readonly timeoutMs?: number;
  readonly layout?: Readonly<Record<string, { readonly x: number; readonly y: number }>>;
}

export interface DagDetail extends DagBody {
  readonly name: string;
  readonly version: number;
  readonly sources: readonly string[];
  readonly sinks: readonly string[];
}

export interface InvocationAnswer {
  readonly invocation: string;
  readonly result?: unknown;
  readonly results?: Readonly<Record<string, unknown>>;
  readonly consistency: Level;
  readonly durationMs: number;
  readonly attempts: number;
  readonly session: string;
}

export interface InvocationState extends Partial<InvocationAnswer> {
  readonly invocation: string;
  readonly dag?: string;
  readonly status: 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly error?: Problem;
}

/** RFC 9457, with the fields that a kind of problem adds. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly [field: string]: unknown;
}

/**
 * An event as it stands on the stream and in a trace; which fields there are depends on its kind.
 */
export interface StreamEvent {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly invocation?: string;
  readonly attempt?: number;
  readonly node?: string;
  readonly worker?: string;
  readonly executor?: string;
  readonly key?: string;
  readonly from?: string;
  readonly to?: string;
  readonly outcome?: 'hit' | 'miss' | 'upstream';
  readonly version?: VersionVector;
  readonly before?: VersionVector;
  readonly [field: string]: unknown;
}

export interface Trace {
  readonly invocation: string;
  readonly events: readonly StreamEvent[];
}

export interface KeyDetail {
  readonly key: string;
  readonly value: unknown;
  readonly siblings: readonly {
    readonly value: unknown;
    readonly writer: string;
    readonly timestamp: number;
  }[];
  readonly version: VersionVector;
  readonly dependencies: Readonly<Record<string, VersionVector>>;
  readonly kind: string;
}

export interface KeyWritten {
  readonly key: string;
  readonly version: VersionVector;
}

export interface KeyPage {
  readonly keys: readonly { readonly key: string }[];
  readonly cursor?: string;
}

export interface ClusterState {
  readonly workers: readonly {
    readonly id: string;
    readonly pid: number;
    readonly state: string;
    readonly executors: readonly { readonly id: string; readonly state: string }[];
    readonly cache: { readonly keys: number; readonly hits: number; readonly misses: number };
  }[];
  readonly storage: readonly {
    readonly id: string;
    readonly ringShare: number;
    readonly keys: number;
  }[];
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface InvokeOptions {
  readonly consistency?: Level | undefined;
  readonly session?: string | undefined;
  readonly store?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly trace?: 'full' | 'off' | undefined;
}

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

const ASYNC = { prefer: 'respond-async' } as const;

export const keyPath = (key: string): string => `/api/v1/keys/${encodeURIComponent(key)}`;

export class ApiClient {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Any request; the body as it came, parsed where it is JSON. */
  async request<Body = Problem>(
    method: Method,
    path: string,
    { body, headers = {} }: { body?: BodyInit; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(this.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body: parsed as Body };
  }

  send<Body = Problem>(
    method: Method,
    path: string,
    value?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Body>> {
    if (value === undefined) return this.request<Body>(method, path, { headers });
    return this.request<Body>(method, path, {
      body: JSON.stringify(value),
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  get<Body = Problem>(path: string): Promise<Answer<Body>> {
    return this.send<Body>('GET', path);
  }

  putFunction(
    name: string,
    source: string,
    options: {
      readonly language?: string;
      readonly timeoutMs?: number;
      readonly memoryMb?: number;
    } = {},
  ): Promise<Answer<FunctionSummary>> {
    return this.send('PUT', `/api/v1/functions/${name}`, { source, ...options });
  }

  putDag(name: string, dag: DagBody): Promise<Answer<DagDetail>> {
    return this.send('PUT', `/api/v1/dags/${name}`, dag);
  }

  invokeDag(
    name: string,
    args: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
    options: InvokeOptions = {},
  ): Promise<Answer<InvocationAnswer>> {
    return this.send('POST', `/api/v1/dags/${name}/invocations`, { arguments: args, ...options });
  }

  invokeFunction(
    name: string,
    args: Readonly<Record<string, unknown>> = {},
    options: InvokeOptions = {},
  ): Promise<Answer<InvocationAnswer>> {
    return this.send('POST', `/api/v1/functions/${name}/invocations`, {
      arguments: args,
      ...options,
    });
  }

  /** Starts without waiting for the end; the id. */
  async startFunction(
    name: string,
    args: Readonly<Record<string, unknown>> = {},
    options: InvokeOptions = {},
  ): Promise<string> {
    const path = `/api/v1/functions/${name}/invocations`;
    const body = { arguments: args, ...options };
    const answer = await this.send<{ readonly invocation: string }>('POST', path, body, ASYNC);
    return answer.body.invocation;
  }

  async startDag(
    name: string,
    args: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
    options: InvokeOptions = {},
  ): Promise<string> {
    const path = `/api/v1/dags/${name}/invocations`;
    const body = { arguments: args, ...options };
    const answer = await this.send<{ readonly invocation: string }>('POST', path, body, ASYNC);
    return answer.body.invocation;
  }

  /** The state after it has ended, or after `waitMs`. */
  async awaitInvocation(id: string, waitMs = 20_000): Promise<InvocationState> {
    const path = `/api/v1/invocations/${id}?wait=${waitMs}`;
    return (await this.get<InvocationState>(path)).body;
  }

  async trace(id: string): Promise<readonly StreamEvent[]> {
    return (await this.get<Trace>(`/api/v1/invocations/${id}/trace`)).body.events;
  }

  putKey(key: string, value: unknown): Promise<Answer<KeyWritten>> {
    return this.send('PUT', keyPath(key), { value });
  }

  async key(key: string): Promise<KeyDetail> {
    return (await this.get<KeyDetail>(keyPath(key))).body;
  }

  async cluster(): Promise<ClusterState> {
    return (await this.get<ClusterState>('/api/v1/cluster')).body;
  }
}
