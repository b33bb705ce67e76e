import { describe, expect, it } from 'vitest'
import { type Right, type Role, rights, roles } from '../../../contract/rights.ts'
import type { Grant, Standing } from '../../kernel/actor.ts'
import { Temporal } from '../../kernel/clock.ts'
import { actorOf, organisationsOf, rightsOf, rightsOfRole, teamsLimitOf } from './rules.ts'

const at = Temporal.Instant.from('2026-03-02T08:00:00Z')
const grant = (role: Role, organisationId: string | null = null, teamId: string | null = null): Grant => ({ role, organisationId, teamId })
const standing = (more: Partial<Standing>): Standing => ({
  person_id: '7',
  session_id: '1',
  token_id: null,
  scopes: null,
  seen_at: at,
  created_at: at,
  second_factor_at: at,
  name: 'Ada',
  email: 'ada@example.com',
  language: 'en',
  time_zone: null,
  organisation_ids: null,
  team_ids: null,
  grants: null,
  has_totp: false,
  has_passkey: false,
  second_factor_policy: 'staff',
  ...more,
})

describe('roles', () => {
  it.each<[Role, Right[], Right[]]>([
    ['requester', ['ticket.create'], ['ticket.work', 'person.see', 'search.use']],
    ['organisation-viewer', ['ticket.create'], ['ticket.work', 'person.see', 'search.use']],
    [
      'agent',
      ['ticket.work', 'person.edit', 'search.use', 'journal.see', 'sender.block'],
      ['ticket.delete', 'quarantine.open', 'grant.give', 'setting.edit'],
    ],
    [
      'lead',
      ['ticket.restrict', 'ticket.delete', 'routing.edit', 'quarantine.open', 'team.edit'],
      ['category.edit', 'audit.see', 'grant.give'],
    ],
    ['manager', ['category.edit', 'audit.see', 'health.see'], ['grant.give', 'setting.edit', 'mailbox.edit', 'automation.edit']],
    ['administrator', [...rights], []],
  ])('%s may what it is for and nothing above it', (role, may, mayNot) => {
    const held = rightsOf([grant(role)])
    for (const right of may) expect(held, right).toContain(right)
    for (const right of mayNot) expect(held, right).not.toContain(right)
  })

  it('includes each lower role in the next higher one', () => {
    for (const [i, role] of roles.entries())
      for (const right of i === 0 ? [] : rightsOfRole[roles[i - 1] as Role]) expect(rightsOfRole[role], `${role} ${right}`).toContain(right)
  })
})

describe('limits', () => {
  it('shows an agent of one customer that customer only, and the desk itself not at all', () => {
    const grants = [grant('administrator', '5')]
    expect(organisationsOf(grants, [])).toEqual(['5'])
    expect([...rightsOf(grants)].sort()).toEqual(
      [
        'ticket.create',
        'ticket.work',
        'ticket.restrict',
        'ticket.spam',
        'ticket.delete',
        'ticket.merge-across',
        'time.see',
        'survey.see',
        'figure.see',
        'verification.waive',
        'person.see',
        'person.edit',
        'organisation.edit',
        'search.use',
      ].sort(),
    )
  })
  it.each<[string, Grant[], 'all' | string[], 'all' | string[]]>([
    ['no limit', [grant('agent')], 'all', 'all'],
    ['two customers', [grant('agent', '1'), grant('agent', '2')], ['1', '2'], 'all'],
    ['one team', [grant('agent', null, '9')], 'all', ['9']],
    ['a customer and a team, given apart, meet in the middle', [grant('agent', '1'), grant('agent', null, '9')], ['1'], ['9']],
    ['a limit beside a grant for everywhere', [grant('agent'), grant('lead', '1')], 'all', 'all'],
  ])('%s', (_, grants, organisations, teams) => {
    expect(organisationsOf(grants, ['77'])).toEqual(organisations)
    expect(teamsLimitOf(grants)).toEqual(teams)
  })
  it('does not carry a right given for one customer over to another', () => {
    expect(rightsOf([grant('agent', '1'), grant('lead', '2')])).not.toContain('ticket.delete')
    expect(rightsOf([grant('agent'), grant('lead', '2')])).not.toContain('ticket.delete')
    expect(rightsOf([grant('agent', '2'), grant('lead', '2')])).toContain('ticket.delete')
  })
  it('E-057 shows an organisation to a viewer only as long as the viewer belongs to it', () => {
    expect(organisationsOf([grant('organisation-viewer')], ['3', '4'])).toEqual(['3', '4'])
    expect(organisationsOf([grant('organisation-viewer', '3')], ['3', '4'])).toEqual(['3'])
    expect(organisationsOf([grant('organisation-viewer', '3')], ['4'])).toEqual([])
  })
  it('shows a plain requester no organisation at all', () => {
    expect(organisationsOf([], ['3'])).toEqual([])
    expect(organisationsOf([grant('requester')], ['3'])).toEqual([])
  })
})

describe('the second factor', () => {
  const agent = { grants: [grant('agent')], second_factor_at: null }
  it.each<[string, Partial<Standing>, string | null]>([
    ['staff without one must set one up', agent, 'second-factor-setup'],
    ['staff with TOTP must give it', { ...agent, has_totp: true }, 'second-factor'],
    ['staff with a passkey must use it', { ...agent, has_passkey: true }, 'second-factor'],
    ['staff are not asked where nobody is', { ...agent, second_factor_policy: 'nobody' }, null],
    ['staff with TOTP are asked even there', { ...agent, has_totp: true, second_factor_policy: 'nobody' }, 'second-factor'],
    ['a requester is not asked', { second_factor_at: null }, null],
    ['a requester with TOTP is asked', { second_factor_at: null, has_totp: true }, 'second-factor'],
    ['a requester with a passkey may still come by link', { second_factor_at: null, has_passkey: true }, null],
    ['an API token was made after it', { ...agent, session_id: null, token_id: '4', scopes: ['write'] }, null],
    ['given is given', { ...agent, second_factor_at: at, has_totp: true }, null],
  ])('%s', (_, more, pending) => {
    const actor = actorOf(standing(more))
    expect(actor.pending).toBe(pending)
    if (pending) expect([actor.staff, actor.rights.size, actor.organisations]).toEqual([false, 0, []])
  })
})

describe('API tokens', () => {
  const token = (scopes: string[]) => actorOf(standing({ session_id: null, token_id: '4', scopes, grants: [grant('administrator')] }))
  it('F-075 gives a token no more than its scopes', () => {
    expect(token(['read']).readOnly).toBe(true)
    expect(token(['write']).readOnly).toBe(false)
    for (const right of ['grant.give', 'setting.edit', 'mailbox.edit', 'team.edit'] as const) {
      expect(token(['read', 'write']).rights, right).not.toContain(right)
      expect(token(['admin']).rights, right).toContain(right)
    }
  })
})
