/**
 * A worker's links to other workers: opened when the first message goes out, or accepted when
 * another one opens it. The link that exists is used in both directions; two that were opened at
 * the same moment are both read.
 */
import {
  PROTOCOL_VERSION,
  type LinkFrame,
  type LinkFrameOf,
  type Peer,
  type WorkerId,
} from '@stormglass/core';
import { createConnection, type Socket } from 'node:net';
import type { CausalKnowledge } from './causal-knowledge.ts';
import type { Log } from './log.ts';
import { RoleLink } from './role-link.ts';
import { SocketLink, type LinkListener } from './socket-link.ts';

export interface PeerLinksOptions {
  readonly worker: WorkerId;
  readonly incarnation: number;
  /** What a `hello` has to carry. */
  readonly token: string;
  readonly knowledge: CausalKnowledge;
  readonly log: Log;
  /** Called before the message's causes count as told back. */
  readonly receive: (frame: LinkFrameOf<'message'>) => void;
  /** A frame that could not be encoded and was not sent. */
  readonly refused: LinkListener['refused'];
}

interface OpenLink {
  readonly incarnation: number;
  readonly link: RoleLink;
}

export class PeerLinks {
  readonly #options: PeerLinksOptions;
  readonly #peers = new Map<WorkerId, Peer>();
  /** The link that messages to a worker go over. */
  readonly #links = new Map<WorkerId, OpenLink>();
  /** Every socket, those without a `hello` included. */
  readonly #sockets = new Set<SocketLink>();

  constructor(options: PeerLinksOptions) {
    this.#options = options;
  }

  join(peer: Peer): void {
    this.leave(peer.worker, peer.incarnation - 1);
    this.#peers.set(peer.worker, peer);
  }

  /** This incarnation, and those before it, are gone. */
  leave(worker: WorkerId, incarnation: number): void {
    const peer = this.#peers.get(worker);
    if (peer !== undefined && peer.incarnation <= incarnation) this.#peers.delete(worker);
    const open = this.#links.get(worker);
    if (open === undefined || open.incarnation > incarnation) return;
    this.#links.delete(worker);
    open.link.socket.close('The worker left');
  }

  /** Opens the link when there is none; `undefined` for a worker that nobody announced. */
  linkTo(worker: WorkerId): RoleLink | undefined {
    const open = this.#links.get(worker);
    if (open !== undefined) return open.link;
    const peer = this.#peers.get(worker);
    return peer === undefined ? undefined : this.#open(peer);
  }

  /** Another worker connected. It has to say `hello` before anything else. */
  accept(socket: Socket): void {
    let link: RoleLink | undefined;
    const socketLink: SocketLink = this.#follow(socket, (frame) => {
      if (frame.type === 'hello' && link === undefined) {
        link = this.#greet(socketLink, frame);
      } else this.#receive(socketLink, link, frame);
    });
  }

  get hasPending(): boolean {
    for (const { link } of this.#links.values()) if (link.socket.hasPending) return true;
    return false;
  }

  flush(): void {
    for (const { link } of this.#links.values()) link.socket.flush();
  }

  close(): void {
    for (const socket of this.#sockets) socket.close('This worker stops');
  }

  #open(peer: Peer): RoleLink {
    const { worker, incarnation, knowledge } = this.#options;
    const socketLink: SocketLink = this.#follow(createConnection(peer.path), (frame) =>
      this.#receive(socketLink, link, frame),
    );
    const link = new RoleLink(socketLink, knowledge);
    const { token } = peer;
    socketLink.send({ type: 'hello', protocol: PROTOCOL_VERSION, worker, incarnation, token });
    this.#links.set(peer.worker, { incarnation: peer.incarnation, link });
    return link;
  }

  #greet(socketLink: SocketLink, hello: LinkFrameOf<'hello'>): RoleLink | undefined {
    const { token, knowledge } = this.#options;
    if (hello.token !== token || hello.protocol !== PROTOCOL_VERSION) {
      socketLink.close(`A hello of protocol ${hello.protocol} that is not meant for this worker`);
      return undefined;
    }
    const link = new RoleLink(socketLink, knowledge);
    const open = this.#links.get(hello.worker);
    if (open === undefined || open.incarnation < hello.incarnation) {
      this.#links.set(hello.worker, { incarnation: hello.incarnation, link });
    }
    return link;
  }

  #receive(socketLink: SocketLink, link: RoleLink | undefined, frame: LinkFrame): void {
    if (link === undefined || frame.type !== 'message') {
      socketLink.close(`A worker must not say ${frame.type} here`);
      return;
    }
    if (frame.causes !== undefined) link.heard(frame.causes);
    this.#options.receive(frame);
  }

  #follow(socket: Socket, received: LinkListener['received']): SocketLink {
    const { log, refused } = this.#options;
    const socketLink: SocketLink = new SocketLink(socket, {
      received,
      closed: (reason) => {
        this.#sockets.delete(socketLink);
        for (const [worker, { link }] of this.#links) {
          if (link.socket === socketLink) this.#links.delete(worker);
        }
        log.debug({ reason }, 'a link to another worker ended');
      },
      refused,
    });
    this.#sockets.add(socketLink);
    return socketLink;
  }
}
