import type { Instant } from '../../kernel/clock.ts'
import { asInstant, claim, type LayerFacts, type Span, turnsOf } from './rules-turns.ts'

/**
 * The final schedule: an override, else the topmost layer with a turn at that moment, else a gap. Whoever is away is
 * stood in for by their substitute; where there is none the shift is a gap, and not silently the next layer's: a
 * second layer may be somebody who thinks that the first one answers.
 */
export type OverrideFacts = Span & { id: string; personId: string | null }
export type TimeOff = Span & { personId: string; substituteId: string | null }
export type RotaFacts = {
  id: string
  /** The topmost first. */
  layers: readonly LayerFacts[]
  /** The newest first: it holds against older ones. */
  overrides: readonly OverrideFacts[]
  timeOff: readonly TimeOff[]
  /** Who left: their account is archived. */
  gone: ReadonlySet<string>
}

/** With a person: by layer, by override, or as cover for one who is away. Without: no layer, an override with nobody, away without cover, or left. */
export type ShiftReason = 'layer' | 'override' | 'cover' | 'gap' | 'nobody' | 'absent' | 'left'
export type Shift = {
  from: Instant
  to: Instant
  personId: string | null
  why: ShiftReason
  layerId: string | null
  overrideId: string | null
  /** Whose turn it would be. */
  insteadOfId: string | null
}
type Piece = Span & Omit<Shift, 'from' | 'to'>

export function finalOf(rota: RotaFacts, from: Instant, to: Instant): Shift[] {
  return finalPieces(rota, { from: from.epochMilliseconds, to: to.epochMilliseconds }).map(asShift)
}

/** The turns of one layer as they would be if nothing lay above it and nobody were away. */
export function layerShifts(layer: LayerFacts, from: Instant, to: Instant): Shift[] {
  const turns = turnsOf(layer, { from: from.epochMilliseconds, to: to.epochMilliseconds })
  return joined(turns.map((turn) => ofLayer(layer.id, turn))).map(asShift)
}

const asShift = (piece: Piece): Shift => ({ ...piece, from: asInstant(piece.from), to: asInstant(piece.to) })
const ofLayer = (layerId: string, turn: Span & { personId: string }): Piece => ({
  ...turn,
  why: 'layer',
  layerId,
  overrideId: null,
  insteadOfId: null,
})

function finalPieces(rota: RotaFacts, range: Span): Piece[] {
  const pieces: Piece[] = []
  let free: Span[] = range.from < range.to ? [range] : []
  const lay = (wanted: Piece[], settled: (piece: Piece) => Piece[]) => {
    const { taken, left } = claim(free, wanted)
    for (const piece of taken) pieces.push(...settled(piece))
    free = left
  }
  for (const { id, personId, ...span } of rota.overrides) {
    const why = personId === null ? 'nobody' : 'override'
    lay([{ ...span, personId, why, layerId: null, overrideId: id, insteadOfId: null }], (piece) => [unlessGone(rota, piece)])
  }
  for (const layer of rota.layers) {
    // Below a layer without holes nobody's turn has to be worked out.
    if (free.length === 0) break
    const turns = turnsOf(layer, range).map((turn) => ofLayer(layer.id, turn))
    lay(turns, (piece) => covered(rota, piece))
  }
  for (const span of free) pieces.push({ ...span, personId: null, why: 'gap', layerId: null, overrideId: null, insteadOfId: null })
  return joined(pieces.toSorted((a, b) => a.from - b.from))
}

const unlessGone = (rota: RotaFacts, piece: Piece): Piece =>
  piece.personId !== null && rota.gone.has(piece.personId) ? { ...piece, personId: null, why: 'left', insteadOfId: piece.personId } : piece

/** A turn, cut where its person is away. */
function covered(rota: RotaFacts, turn: Piece): Piece[] {
  const away = awayOf(rota, turn.personId)
  if (away.length === 0 || rota.gone.has(turn.personId!)) return [unlessGone(rota, turn)]
  const { taken, left } = claim([turn], away)
  const there = left.map((span) => ({ ...turn, ...span }))
  return [...there, ...taken.flatMap(({ from, to, substituteId }) => stoodIn(rota, { ...turn, from, to }, substituteId))]
}

function stoodIn(rota: RotaFacts, turn: Piece, substituteId: string | null): Piece[] {
  const nobody = (span: Span): Piece => ({ ...turn, ...span, personId: null, why: 'absent', insteadOfId: turn.personId })
  if (substituteId === null || rota.gone.has(substituteId)) return [nobody(turn)]
  const { taken, left } = claim([turn], awayOf(rota, substituteId))
  const cover = (span: Span): Piece => ({ ...turn, ...span, personId: substituteId, why: 'cover', insteadOfId: turn.personId })
  return [...left.map(({ from, to }) => cover({ from, to })), ...taken.map(({ from, to }) => nobody({ from, to }))]
}

const awayOf = (rota: RotaFacts, personId: string | null): TimeOff[] =>
  rota.timeOff.filter((one) => one.personId === personId).toSorted((a, b) => a.from - b.from)

const alike = (a: Piece, b: Piece): boolean =>
  a.personId === b.personId &&
  a.why === b.why &&
  a.layerId === b.layerId &&
  a.overrideId === b.overrideId &&
  a.insteadOfId === b.insteadOfId

function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = []
  for (const piece of pieces) {
    const last = out.at(-1)
    if (last && last.to === piece.from && alike(last, piece)) out[out.length - 1] = { ...last, to: piece.to }
    else out.push(piece)
  }
  return out
}
