/**
 * The public surface of core: named exports, nothing else.
 */
export {
  type CacheId,
  type DagName,
  type EncodedValue,
  type ExecutorId,
  type FunctionName,
  type InvocationId,
  isKey,
  type Key,
  KEY_LENGTH_MAX,
  NAME_PATTERN,
  type NodeId,
  type StorageId,
  type WorkerId,
  type WriterId,
} from './ids.ts';
export { assert, AssertionFailure, assertNever, must } from './assert.ts';
export { fail, type Failure, type Result, succeed, type ThrownError } from './failure.ts';
export { compareTexts } from './text-order.ts';
export {
  addDependency,
  type Dependencies,
  dependenciesCover,
  joinDependencies,
  NO_DEPENDENCIES,
  type StableClockOf,
  withKnownClocks,
  withoutKey,
  withoutStable,
} from './causality/dependencies.ts';
export { HYBRID_TICKS_PER_MS, nextTimestamp, wallMsOf } from './clock/hybrid-clock.ts';
export {
  clockOf,
  clocksEqual,
  compareClocks,
  countOf,
  covers,
  EMPTY_CLOCK,
  formatClock,
  joinClocks,
  meetClocks,
  type Ordering,
  type VectorClock,
} from './clock/vector-clock.ts';
export { canConnect, type ConnectAnswer } from './dag/can-connect.ts';
export {
  type DagShape,
  incomingEdges,
  outgoingEdges,
  sinksOf,
  sourcesOf,
  topologicalOrder,
} from './dag/dag-shape.ts';
export type {
  Dag,
  DagEdge,
  DagNode,
  DagProblem,
  FunctionDefinition,
  NodePlace,
  Parameter,
} from './dag/dag.ts';
export { keysReadAfter } from './dag/keys-read-after.ts';
export { type MissingArgument, missingArguments } from './dag/missing-arguments.ts';
export type { Placement, Schedule } from './dag/schedule.ts';
export { describeDagProblem, type FunctionOf, validateDag } from './dag/validate-dag.ts';
export {
  cacheEvicted,
  cachePinned,
  cacheRead,
  cacheReleased,
  cacheUpdate,
  cacheWrite,
} from './event/cache-events.ts';
export { envelope, ofInvocation, ofNode } from './event/envelope.ts';
export {
  functionFinished,
  functionStarted,
  functionTriggered,
  PREVIEW_LENGTH_MAX,
} from './event/function-events.ts';
export { invocationFinished, invocationStarted } from './event/invocation-events.ts';
export { clusterChanged, logLine, messageReceived, messageSent } from './event/other-events.ts';
export {
  type EventKind,
  eventKinds,
  type EventRecord,
  eventRecord,
  type RuntimeEvent,
  runtimeEvent,
  runtimeEvents,
  type TimedEvent,
} from './event/runtime-event.ts';
export { heardEvent, toldEvent, type HeardEvent, type ToldEvent } from './event/told-event.ts';
export { storageGossip, storageMerged } from './event/storage-events.ts';
export { callAddress, type CallPlace, parseCallAddress } from './wire/role/call-address.ts';
export { applyMerge, type MergeStamp } from './lattice/apply-merge.ts';
export {
  dependenciesOf,
  encodedBytes,
  newestTimestamp,
  siblingsOf,
  valueOf,
  versionOf,
} from './lattice/capsule-view.ts';
export {
  type Capsule,
  type CapsuleKind,
  type CounterCapsule,
  type CounterShare,
  type HybridTimestamp,
  LWW_WRITER,
  type MapCapsule,
  type MapField,
  type MaxCapsule,
  type MergedMetadata,
  type MergeOperand,
  type RegisterCapsule,
  type RegisterWrite,
  type SetCapsule,
} from './lattice/capsule.ts';
export { counterLattice, joinCounters } from './lattice/counter-capsule.ts';
export { deletion, type DeletionStamp } from './lattice/delete-capsule.ts';
export { hasDependencies, withoutStableDependencies } from './lattice/stable-dependencies.ts';
export { withDependencies } from './lattice/with-dependencies.ts';
export {
  compareCapsules,
  isMismatch,
  joinCapsules,
  type LatticeMismatch,
  type MergeRelation,
  relationOf,
} from './lattice/join-capsules.ts';
export type { Lattice } from './lattice/lattice.ts';
export { joinMaps, mapLattice } from './lattice/map-capsule.ts';
export { joinMaxima, maxLattice } from './lattice/max-capsule.ts';
export { mismatchFailure } from './lattice/mismatch-failure.ts';
export {
  clockOfWrite,
  joinRegisters,
  registerLattice,
  registerOf,
} from './lattice/register-capsule.ts';
export { joinSets, setLattice } from './lattice/set-capsule.ts';
export { registerWrite, type RegisterWriteInput } from './lattice/write-register.ts';
export { type ConsistencyLevel, consistencyLevels } from './session/consistency-level.ts';
export { decideRead } from './session/decide-read.ts';
export { type MergedSessions, mergeSessions } from './session/merge-sessions.ts';
export {
  type AttemptName,
  correctedProtocol,
  type ProtocolStrategies,
} from './session/protocol-strategies.ts';
export {
  type ReadDecision,
  type ReadQuestion,
  type ReadRule,
  readRules,
  type ReadSource,
} from './session/read-decision.ts';
export {
  needOf,
  ordersAcrossKeys,
  seenOf,
  type ReadToRecord,
  recordRead,
  recordWrite,
  type SessionStart,
  sessionToGrow,
  startSession,
  tracksReads,
  type WriteToRecord,
} from './session/session-steps.ts';
export {
  decodeSessionToken,
  encodeSessionToken,
  SESSION_TOKEN_LENGTH_MAX,
  type SessionToken,
} from './session/session-token.ts';
export { sessionForKeys } from './session/session-for-keys.ts';
export type { Session, SessionBound, SessionRead } from './session/session.ts';
export { valueFor } from './session/value-for.ts';
export {
  type ClusterView,
  clusterView,
  INVOCATIONS_IN_VIEW_MAX,
  type InvocationView,
  invocationView,
  type NodeView,
  nodeView,
  type WorkerView,
  workerView,
} from './view/cluster-view.ts';
export { emptyClusterView, reduceClusterView } from './view/reduce-cluster-view.ts';
export { type Down, down, events, gap, hello, image, refused } from './wire/down.ts';
export {
  cacheStatus,
  type ClusterStatus,
  clusterStatus,
  executorStatus,
  type StorageStatus,
  storageStatus,
  type WorkerStatus,
  workerStatus,
} from './wire/http/cluster.ts';
export { type DagBody, dagBody, type DagDetail, dagDetail, dagList } from './wire/http/dags.ts';
export { type Example, example, exampleInstalled, exampleList } from './wire/http/examples.ts';
export {
  FUNCTION_MEMORY_MB_DEFAULT,
  FUNCTION_MEMORY_MB_MAX,
  FUNCTION_MEMORY_MB_MIN,
  FUNCTION_TIMEOUT_MS_DEFAULT,
  FUNCTION_TIMEOUT_MS_MAX,
  type FunctionBody,
  functionBody,
  type FunctionDetail,
  functionDetail,
  functionList,
  type FunctionSummary,
  functionSummary,
  SOURCE_LENGTH_MAX,
} from './wire/http/functions.ts';
export {
  type DagInvocationBody,
  dagInvocationBody,
  functionInvocationBody,
  invocationAccepted,
  invocationList,
  type InvocationResult,
  invocationResult,
  type InvocationStatus,
  invocationStatus,
  type InvocationTrace,
  invocationTrace,
  reference,
} from './wire/http/invocations.ts';
export { keyBody, type KeyDetail, keyDetail, keyList, keyWritten } from './wire/http/keys.ts';
export { type Problem, problem, type ProblemType, problemTypes } from './wire/http/problem.ts';
export {
  type LinkFrame,
  linkFrame,
  type LinkFrameOf,
  type Peer,
  peer,
  type WorkerStats,
  workerStats,
} from './wire/link/link-frame.ts';
export { PROTOCOL_VERSION } from './wire/protocol-version.ts';
export {
  type Address,
  cacheAddress,
  CLIENT,
  executorAddress,
  SCHEDULER,
  storageAddress,
} from './wire/role/address.ts';
export {
  cacheRegistered,
  fromStorage,
  got,
  recalled,
  scanned,
  stored,
} from './wire/role/from-storage.ts';
export { packedMessage } from './wire/role/packed-message.ts';
export { type MessageOf, type RoleMessage, roleMessage } from './wire/role/role-message.ts';
export { packWrites } from './wire/value/packed-writes.ts';
export {
  cacheFetch,
  cacheFetched,
  cacheFinish,
  cacheGet,
  cacheRenew,
  cachePin,
  cacheUpdateMessage,
  cacheWriteRequest,
  toCache,
  type WriteOperation,
  writeOperation,
} from './wire/role/to-cache.ts';
export { invoked, registered, toClient } from './wire/role/to-client.ts';
export {
  type Argument,
  argument,
  type ArgumentMap,
  argumentMap,
  cacheGot,
  cacheWrote,
  executorCancel,
  executorDeliver,
  executorFlushed,
  executorLost,
  executorProbe,
  executorReceipt,
  executorStart,
  executorTrigger,
  toExecutor,
} from './wire/role/to-executor.ts';
export {
  invokeOptions,
  schedulerAttempts,
  schedulerCancel,
  schedulerFailed,
  schedulerFlush,
  schedulerProgress,
  schedulerInvoke,
  schedulerRegister,
  schedulerReport,
  schedulerRestart,
  schedulerSession,
  schedulerSink,
  toScheduler,
  workerStatusMessage,
} from './wire/role/to-scheduler.ts';
export {
  type CommitRecord,
  commitRecord,
  type Space,
  space,
  spaces,
  heldEntry,
  storageCommit,
  storageForget,
  storageGet,
  storageMerge,
  storagePrepare,
  storageRecall,
  storageRegister,
  storageRelease,
  storageScan,
  storageStability,
  storageStable,
  storageUnsubscribe,
  toStorage,
} from './wire/role/to-storage.ts';
export { subscribe, type Up, up } from './wire/up.ts';
export {
  capsule,
  type CapsuleOrAbsent,
  capsuleOrAbsent,
  dependencies,
  vectorClock,
} from './wire/value/capsule.ts';
export { dag, dagEdge, dagNode, functionDefinition, schedule } from './wire/value/dag.ts';
export { failure } from './wire/value/failure.ts';
export {
  lostReason,
  reasonOf,
  type RestartReason,
  restartReason,
} from './wire/value/restart-reason.ts';
export {
  type AnswerRecord,
  answerRecord,
  differingParts,
  type InvocationAnswer,
  invocationAnswer,
  type KeptAnswer,
  keptAnswer,
  type RequestIdentity,
  requestIdentity,
} from './wire/value/request-identity.ts';
export { session } from './wire/value/session.ts';
export {
  toVersionVector,
  toVersionVectors,
  type VersionVector,
  versionVector,
  type VersionVectors,
  versionVectors,
} from './wire/value/version-vector.ts';
