/**
 * The anomaly schedules S1 to S17 of correctness.md 4.3, and what to call what came of them. A
 * verdict is read off the outcome; nothing here knows what a level ought to do.
 */
import { keptBoth, lastSeen, ofRun, saw, type Anomaly } from './anomaly.ts';
import { committedTo, joinInOrder, orders } from './write-orders.ts';

export const anomalies: readonly Anomaly[] = [
  {
    number: 'S1',
    name: 'lost update (one increment silently gone)',
    published: ['x', 'x', 'both kept', 'both kept'],
    schedule: `
      init n=10
      p@A get n
      q@B get n
      p@A put n=n+1
      q@B put n=n+2
      r@C all n`,
    verdict: keptBoth('r', 'n', [11, 12]),
  },
  {
    number: 'S2',
    name: 'non-repeatable read, forward (1 then 2)',
    published: ['x', 'ok', 'x', 'x'],
    differs:
      'Here causal-cut returns one version of each key in one run: two versions of a key would leave open which of them the cut is about.',
    note: 'The page leaves B cold. A cold cache asks the caches that the session has met before it asks storage (2.7), and would show 1 again at the causal levels.',
    schedule: `
      init k=1
      d.f@A get k
      w@W get k
      w@W put k=2
      warm B:k
      d.g@B get k`,
    verdict: ofRun('d', saw('d', 'k', 1, 2)),
  },
  {
    number: 'S3',
    name: 'going backwards (2 then 1)',
    published: ['x', 'ok', 'ok', 'ok'],
    schedule: `
      init k=1
      warm B:k
      w@W get k
      w@W put k=2
      d.f@A get k
      d.g@B get k`,
    verdict: ofRun('d', saw('d', 'k', 2, 1)),
  },
  {
    number: 'S4a',
    name: 'photo/ACL, photo read first',
    published: ['x', 'x', 'ok', 'ok'],
    schedule: `
      init acl=public
      init photo=p1
      warm A:acl
      o1@O get acl
      o1@O put acl=private
      o2@O get acl
      o2@O get photo
      o2@O put photo=p2
      d@A get photo
      d@A get acl`,
    verdict: ofRun('d', (o) => saw('d', 'photo', 'p2')(o) && saw('d', 'acl', 'public')(o)),
  },
  {
    number: 'S4b',
    name: 'photo/ACL, ACL read first',
    published: ['x', 'x', 'x', 'ok (restart)'],
    schedule: `
      init acl=public
      init photo=p1
      d.f@A get acl
      o1@O get acl
      o1@O put acl=private
      o2@O get acl
      o2@O get photo
      o2@O put photo=p2
      d.g@B get photo`,
    verdict: ofRun('d', (o) => saw('d', 'photo', 'p2')(o) && saw('d', 'acl', 'public')(o)),
  },
  {
    number: 'S5',
    name: 'reply without its comment',
    published: ['x', 'x', 'ok', 'ok'],
    schedule: `
      warm A:post
      u1@P get post
      u1@P put post=c
      u2@Q get post
      u2@Q put reply=r
      d@A get reply
      d@A get post`,
    verdict: ofRun('d', (o) => saw('d', 'reply', 'r')(o) && saw('d', 'post', null)(o)),
  },
  {
    number: 'S6a',
    name: 'fractured read, second key first',
    published: ['x', 'x', 'ok', 'ok'],
    schedule: `
      init x=0
      init y=0
      warm A:x
      t@T get x
      t@T get y
      t@T put x=1
      t@T put y=1
      d@A get y
      d@A get x`,
    verdict: ofRun('d', (o) => saw('d', 'y', 1)(o) && saw('d', 'x', 0)(o)),
  },
  {
    number: 'S6b',
    name: 'fractured read, first key first',
    published: ['x', 'x', 'x', 'x'],
    schedule: `
      init x=0
      init y=0
      warm A:y
      t@T get x
      t@T get y
      t@T put x=1
      t@T put y=1
      d@A get x
      d@A get y`,
    verdict: ofRun('d', (o) => saw('d', 'x', 1)(o) && saw('d', 'y', 0)(o)),
  },
  {
    number: 'S7',
    name: 'write skew',
    published: ['x', 'x', 'x', 'x'],
    schedule: `
      init a=1
      init b=1
      p@A get a
      p@A get b
      q@B get a
      q@B get b
      p@A put a=0
      q@B put b=0
      r@C get a
      r@C get b`,
    verdict: ofRun('r', (o) => saw('r', 'a', 0)(o) && saw('r', 'b', 0)(o)),
  },
  {
    number: 'S8',
    name: 'own write invisible on the next executor',
    published: ['x', 'ok', 'ok', 'ok'],
    differs:
      'What an invocation has written travels with its triggers at every level, so LWW reads its own write too.',
    schedule: `
      init x=1
      warm B:x
      d.f@A get x
      d.f@A put x=2
      d.g@B get x`,
    verdict: ofRun('d', saw('d', 'x', 1, 1)),
  },
  {
    number: 'S9a',
    name: 'stale read after fail-over, same run',
    published: ['x', 'ok', 'ok', 'ok'],
    note: 'The page loses one of two replicas. Here a key has one owner, which comes back with its disk as it was before the write.',
    schedule: `
      init x=1
      backup store(x)
      w@W get x
      w@W put x=2
      d.f@A get x
      restore store(x)
      d.g@B get x`,
    verdict: ofRun('d', saw('d', 'x', 2, 1)),
  },
  {
    number: 'S9b',
    name: 'same, next run *with* session token',
    published: ['x', 'x', 'UNAV', 'UNAV'],
    schedule: `
      init x=1
      backup store(x)
      w@W get x
      w@W put x=2
      d@A get x
      restore store(x)
      e continues d
      e@B get x`,
    verdict: ofRun('e', (o) => saw('d', 'x', 2)(o) && saw('e', 'x', 1)(o)),
  },
  {
    number: 'S9c',
    name: 'same, next run without token',
    published: ['x', 'x', 'x', 'x'],
    schedule: `
      init x=1
      backup store(x)
      w@W get x
      w@W put x=2
      d@A get x
      restore store(x)
      e@B get x`,
    verdict: ofRun('e', (o) => saw('d', 'x', 2)(o) && saw('e', 'x', 1)(o)),
  },
  {
    number: 'S9d',
    name: 'same run, but the upstream cache died too',
    published: ['x', 'ok (restart)', 'UNAV', 'UNAV'],
    differs:
      'Where the version that was read is lost everywhere the DAG runs again, and both functions read the old version. The page refuses at the causal levels.',
    schedule: `
      init x=1
      backup store(x)
      w@W get x
      w@W put x=2
      d.f@A get x
      restore store(x)
      crash A
      d.g@B get x`,
    verdict: ofRun('d', saw('d', 'x', 2, 1)),
  },
  {
    number: 'S10',
    name: 'concurrent writes: one vanishes',
    published: ['x', 'x', 'both kept', 'both kept'],
    schedule: `
      p@A put k=a
      q@B put k=b
      r@C all k`,
    verdict: keptBoth('r', 'k', ['a', 'b']),
  },
  {
    number: 'S11',
    name: 'clock skew: the *later, dependent* write loses',
    published: ['x', 'x', 'ok', 'ok'],
    differs:
      'Timestamps are hybrid: a writer stamps above everything it has read, whatever its wall clock shows. That is the repair that the page names.',
    schedule: `
      p@A put k=1
      q@B get k
      q@B put k=2
      r@B get k`,
    clocks: { A: { skewMs: 10_000 } },
    verdict: ofRun('r', saw('r', 'k', 1)),
  },
  {
    number: 'S12',
    name: 'long fork (two readers disagree on independent writes)',
    published: ['x', 'x', 'x', 'x'],
    schedule: `
      init x=0
      init y=0
      warm A:y
      warm B:x
      p@P get x
      p@P put x=1
      q@Q get y
      q@Q put y=1
      d@A get x
      d@A get y
      e@B get y
      e@B get x`,
    verdict: ofRun('e', (o) => saw('d', 'y', 0)(o) && saw('e', 'x', 0)(o)),
  },
  {
    number: 'S13',
    name: 'transitive violation through a key the reader never reads',
    published: ['x', 'x', 'ok', 'ok'],
    schedule: `
      init x=0
      warm A:x
      a@P get x
      a@P put x=1
      b@Q get x
      b@Q put y=1
      c@R get y
      c@R put z=1
      d@A get z
      d@A get x`,
    verdict: ofRun('d', (o) => saw('d', 'z', 1)(o) && saw('d', 'x', 0)(o)),
  },
  {
    number: 'S14',
    name: 'diamond: branches read different versions, join reads again',
    published: ['x', 'ok (restart)', 'ok', 'ok'],
    differs:
      'Here causal-cut returns one version of each key in one run, so the branches conflict as at repeatable-read; the second run returns the newer version to all three.',
    schedule: `
      init k=1
      warm A:k
      warm C:k
      w@W get k
      w@W put k=2
      shape d: g>j h>j
      d.g@A get k
      d.h@B get k
      d.j@C get k`,
    verdict: ofRun('d', saw('d', 'k', 1, 2, 1)),
  },
  {
    number: 'S15',
    name: 'retried function counted twice',
    published: ['x', 'x', 'x', 'x'],
    differs:
      'An invocation commits once, after its last function, and only one of its attempts does (decision 5). The page describes functions that write as they go.',
    schedule: `
      init n=0
      lose A>B
      d.f@A get n
      d.f@A put n=n+1
      crash A
      heal A>B
      d.g@B get n
      r@C all n`,
    verdict: (outcome) => {
      if (lastSeen(outcome, 'r', 'n') === undefined) throw new Error('r saw nothing');
      return JSON.stringify(lastSeen(outcome, 'r', 'n')) === '[1]'
        ? ofRun('d', () => false)(outcome)
        : 'x';
    },
  },
  {
    number: 'S16',
    name: 'missed push: a cache stale for ever',
    published: ['x', 'x', 'x', 'x'],
    differs:
      'In the page the index hears too late that A holds k. Here reading from storage and subscribing are one step, so the push itself is lost; a cache tells storage what it holds each time it renews its registration, and is sent what it has missed.',
    schedule: `
      init k=1
      warm A:k
      lose store(k)>A
      w@W get k
      w@W put k=2
      push k to A
      heal store(k)>A
      wait 60000
      push k to A
      r@A get k`,
    verdict: ofRun('r', saw('r', 'k', 1)),
  },
  {
    number: 'S17',
    name: 'replicas swap values for ever (merge not associative)',
    published: ['none', 'none', 'x', 'x'],
    differs:
      'A register is an antichain of dotted writes, whose join is associative; the page shows what one clock over a set of values does.',
    schedule: `
      p1@A put k=x
      q@B put k=y
      p2@A get k
      p2@A put k=z
      r@C all k`,
    verdict: (outcome) => {
      const joins = new Set(orders(committedTo(outcome, 'k')).map(joinInOrder));
      return joins.size === 1 ? 'ok' : 'x';
    },
  },
];
