import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { FigureKey } from '../../../contract/figures.ts'
import type { Definition, Words } from './access-populations.ts'

/** What was settled where it came in, and how often a ticket changed hands. */
const resolvedShare = (
  key: FigureKey,
  better: Definition['better'],
  group: Definition['group'],
  name: Words,
  formula: Words,
  part: RawBuilder<SqlBool>,
  whole?: RawBuilder<SqlBool>,
): Definition => ({ key, group, unit: 'share', better, of: 'resolved', name, formula, part, ...(whole ? { whole } : {}) })

const once = sql<SqlBool>`(f.contacts <= 1 and f.replies <= 1 and f.moves = 0 and f.reopened = 0 and f.was_held = 'no')`
/** Asked once for the whole statement. A desk whose teams have no tiers has no first level. */
const firstTier = sql`(select array_agg(x.id) from team x where x.tier = 1)`
const onlyFirst = sql<SqlBool>`(f.team_ids <> '{}' and f.team_ids <@ ${firstTier} and f.functional = 0)`

export const teamFigures: readonly Definition[] = [
  resolvedShare(
    'first-contact',
    'more',
    'first',
    { en: 'Resolved at first contact', de: 'Beim ersten Kontakt gelöst' },
    {
      en: 'Resolved tickets for which the requester wrote or called once and was answered once at most (telling the resolution is no further answer), that were never set aside, never moved to another team and never reopened, of all resolved tickets (gross).',
      de: 'Gelöste Tickets, bei denen die anfragende Person nur einmal schrieb oder anrief und höchstens eine Antwort bekam (die Mitteilung der Lösung zählt nicht dazu) und die nie zurückgestellt, nie einem anderen Team gegeben und nie wieder geöffnet wurden, von allen gelösten (brutto).',
    },
    once,
  ),
  resolvedShare(
    'first-contact-net',
    'more',
    'first',
    { en: 'Resolved at first contact, where possible', de: 'Beim ersten Kontakt gelöst, wo möglich' },
    {
      en: 'The same, of the resolved tickets that a first contact could have settled: without those that needed a visit, an approval or a vendor (net).',
      de: 'Dasselbe, von den gelösten Tickets, die ein erster Kontakt hätte erledigen können: ohne solche, die einen Besuch, eine Genehmigung oder einen Lieferanten brauchten (netto).',
    },
    sql`(f.needed is null and ${once})`,
    sql`f.needed is null`,
  ),
  resolvedShare(
    'first-level',
    'more',
    'first',
    { en: 'Resolved at the first level', de: 'Auf der ersten Ebene gelöst' },
    {
      en: 'Resolved tickets that only teams of tier 1 ever had, without escalation to a higher tier, after any number of contacts, of all resolved tickets. The tier is the one that the team has today; without a team of tier 1 there is nothing to count.',
      de: 'Gelöste Tickets, die nur Teams der Ebene 1 je hatten, ohne Eskalation an eine höhere Ebene und nach beliebig vielen Kontakten, von allen gelösten. Es gilt die heutige Ebene des Teams; ohne Team der Ebene 1 gibt es nichts zu zählen.',
    },
    onlyFirst,
    sql`${firstTier} is not null`,
  ),
  resolvedShare(
    'first-assignment',
    'more',
    'first',
    { en: 'Resolved by the first team', de: 'Vom ersten Team gelöst' },
    {
      en: 'Resolved tickets that were never moved to another team, of all resolved tickets. Being given a first team is no move, nor is another person of the same team.',
      de: 'Gelöste Tickets, die nie einem anderen Team gegeben wurden, von allen gelösten. Das erste Team zu bekommen zählt nicht, ebenso wenig eine andere Person desselben Teams.',
    },
    sql`f.moves = 0`,
  ),
  {
    key: 'moves',
    group: 'teams',
    unit: 'number',
    better: 'less',
    of: 'resolved',
    name: { en: 'Moves between teams', de: 'Wechsel zwischen Teams' },
    formula: {
      en: 'How often a resolved ticket went from one team to another until its last resolution: the mean of all resolved tickets, those that never moved included.',
      de: 'Wie oft ein gelöstes Ticket bis zur letzten Lösung von einem Team zum anderen ging: Mittelwert aller gelösten, auch derer, die nie wechselten.',
    },
    measure: sql`f.moves::float8`,
  },
  resolvedShare(
    'many-teams',
    'less',
    'teams',
    { en: 'Through three teams or more', de: 'Durch drei Teams oder mehr' },
    {
      en: 'Resolved tickets that three different teams or more had, of all resolved tickets.',
      de: 'Gelöste Tickets, die drei oder mehr verschiedene Teams hatten, von allen gelösten.',
    },
    sql`cardinality(f.team_ids) >= 3`,
  ),
  resolvedShare(
    'escalated-functional',
    'neither',
    'teams',
    { en: 'Escalated to a higher tier', de: 'An eine höhere Ebene eskaliert' },
    {
      en: 'Resolved tickets that were handed at least once to a team of a higher tier (functional escalation), of all resolved tickets. The tiers are those at that moment.',
      de: 'Gelöste Tickets, die mindestens einmal an ein Team einer höheren Ebene gingen (fachliche Eskalation), von allen gelösten. Es gelten die Ebenen von damals.',
    },
    sql`f.functional > 0`,
  ),
  resolvedShare(
    'escalated-hierarchical',
    'less',
    'teams',
    { en: 'Manager told', de: 'Leitung eingeschaltet' },
    {
      en: 'Resolved tickets for which the manager was told at least once (hierarchical escalation), of all resolved tickets.',
      de: 'Gelöste Tickets, bei denen mindestens einmal die Leitung eingeschaltet wurde (hierarchische Eskalation), von allen gelösten.',
    },
    sql`f.hierarchical > 0`,
  ),
]
