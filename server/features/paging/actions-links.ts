import { sql } from 'kysely'
import type { LinkedPages } from '../../../contract/paging.ts'
import type { Context } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import { hashOf } from '../../kernel/secrets.ts'
import { type LinkFacts, linkedPages, linkFacts } from './access-link.ts'
import { acknowledgePages, callForHelp, passOnByLink } from './actions-acts.ts'

/**
 * The link of a page, without sign-in: looking changes nothing, because mail scanners open links; each of the three acts
 * goes once. It belongs to one person, and acts as that person.
 */
type Act = 'acknowledge' | 'pass-on' | 'help'
const gone = () => new Problem('link_expired', 'This link has expired. Sign in to see the page.')

async function found(context: Context, token: string): Promise<LinkFacts> {
  const link = await linkFacts(context, hashOf(token))
  if (!link) throw gone()
  return link
}

export const lookAtLink = async (context: Context, token: string): Promise<LinkedPages> => linkedPages(context, await found(context, token))

export async function actByLink(context: Context, token: string, act: Act, policyId: string | undefined): Promise<LinkedPages> {
  const link = await found(context, token)
  if (link.used.includes(act)) throw gone()
  await sql`update page_message set used = used || ${act}::text where id = ${link.id}`.execute(context.db)
  if (act === 'acknowledge') await acknowledgePages(context, link.pageIds, link.person_id, 'link')
  else if (act === 'pass-on') await passOnByLink(context, link.pageIds, link.person_id)
  else
    for (const pageId of link.pageIds.slice(0, mostHelped))
      await callForHelp(context, pageId, link.person_id, { policyId, note: '', ...(policyId ? {} : await own(context, pageId)) })
  return linkedPages(context, await found(context, token))
}
const mostHelped = 20

/** Without a choice: the page's own policy from its beginning, for somebody beside me. */
async function own({ db }: Context, pageId: string): Promise<{ policyId?: string }> {
  const page = await sql<{ policy_id: string | null }>`select policy_id from page where id = ${pageId}`.execute(db)
  return page.rows[0]?.policy_id ? { policyId: page.rows[0].policy_id } : {}
}
