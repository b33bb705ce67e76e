import { IconInbox } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { useEndless } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { ChoiceField } from '../../ui/Fields.tsx'
import { useTitle } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import { LinkButton } from './LinkButton.tsx'
import styles from './Portal.module.css'
import { RequestRows } from './RequestRows.tsx'
import { openMeanings, pastMeanings, useMaySeeOrganisation, useMine } from './requests.ts'
import { portalTexts } from './texts.ts'

/** "My requests": open and past; with the right to it, those of the whole organisation. */
export function RequestsPage() {
  const t = useTexts(portalTexts)
  const me = useMe()
  const search = useSearch({ from: '/portal/requests' })
  const navigate = useNavigate()
  const past = search.show === 'past'
  const all = search.of === 'all'
  const maySeeAll = useMaySeeOrganisation()
  const found = useEndless(
    'GET /api/tickets',
    { query: { meaning: past ? pastMeanings : openMeanings, sort: 'changed', limit: 30, ...useMine(all) } },
    { keep: true },
  )
  const turn = (change: { show?: 'past' | undefined; of?: 'all' | undefined }) => {
    const { show, of } = { show: search.show, of: search.of, ...change }
    void navigate({ to: '/portal/requests', search: { ...(show ? { show } : {}), ...(of ? { of } : {}) }, replace: true })
  }
  useTitle(t('myRequests'))
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>{t('myRequests')}</h1>
        <LinkButton main to="/portal">
          {t('newRequest')}
        </LinkButton>
      </header>
      <div className={styles.filters}>
        <ChoiceField
          label={t('which')}
          hideLabel
          size="sm"
          value={past ? 'past' : 'open'}
          onChange={(show) => turn({ show: show === 'past' ? 'past' : undefined })}
          options={[
            { value: 'open', label: t('open') },
            { value: 'past', label: t('past') },
          ]}
        />
        {maySeeAll && (
          <ChoiceField
            label={t('which')}
            hideLabel
            size="sm"
            value={all ? 'all' : 'mine'}
            onChange={(of) => turn({ of: of === 'all' ? 'all' : undefined })}
            options={[
              { value: 'mine', label: t('mine') },
              { value: 'all', label: me.organisation ? t('everyones', { name: me.organisation.name }) : t('everyonesHere') },
            ]}
          />
        )}
      </div>
      <Loaded from={{ data: found.items, error: found.error, refetch: found.refetch }}>
        {(rows) =>
          rows.length > 0 ? (
            <div>
              <RequestRows rows={rows} label={t(past ? 'past' : 'open')} />
              <MoreRows has={found.hasNextPage} busy={found.isFetchingNextPage} load={found.more} />
            </div>
          ) : (
            <EmptyState
              icon={<IconInbox size={24} />}
              title={t(past ? 'noPastTitle' : 'noOpenTitle')}
              text={t(past ? 'noPastText' : 'noOpenText')}
            />
          )
        }
      </Loaded>
    </div>
  )
}
