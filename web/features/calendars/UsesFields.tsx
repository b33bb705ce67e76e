import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { FieldRow, FieldSet, FormProblem, type Option, SelectField, SwitchField } from '../../ui/Fields.tsx'
import { OrganisationPick, TeamPick } from '../people/picks.tsx'
import styles from './Calendars.module.css'
import type { Draft } from './draft.ts'
import { calendarTexts } from './texts.ts'
import type { Issues } from './words.ts'

type Parties = Pick<Draft, 'company' | 'organisations' | 'sites' | 'teams'>
type Props = {
  draft: Draft
  /** It is the company's already: another one has to become that. */
  fixed: boolean
  issues: Issues
  onChange: <K extends keyof Parties>(key: K, next: Draft[K]) => void
}
const lists = ['organisations', 'sites', 'teams'] as const
const without = (list: readonly Option[], value: string) => list.filter((one) => one.value !== value)

export function UsesFields({ draft, fixed, issues, onChange }: Props) {
  const t = useTexts(calendarTexts)
  const add = (key: (typeof lists)[number], one: Option) => onChange(key, [...without(draft[key], one.value), one])
  return (
    <FieldSet title={t('uses')} hint={t('usesHint')}>
      <SwitchField
        label={t('companyUse')}
        checked={draft.company}
        disabled={fixed}
        {...(fixed ? { hint: t('companyFixed') } : {})}
        error={issues['uses.company']}
        onChange={(event) => onChange('company', event.currentTarget.checked)}
      />
      <ul className={styles.parties}>
        {lists.flatMap((key) =>
          draft[key].map((one) => (
            <li key={`${key}/${one.value}`}>
              {one.label}
              <IconButton
                label={t('removeUse', { name: one.label })}
                icon={<IconX size={16} />}
                onClick={() => onChange(key, without(draft[key], one.value))}
              />
            </li>
          )),
        )}
      </ul>
      <FormProblem text={issues['uses.organisationIds'] ?? issues['uses.siteIds'] ?? issues['uses.teamIds']} />
      <CustomerFields onAdd={add} />
      <TeamPick label={t('team')} value={null} onChange={(team) => team && add('teams', team)} />
    </FieldSet>
  )
}

/** A whole organisation, or one of its sites. */
function CustomerFields({ onAdd }: { onAdd: (key: 'organisations' | 'sites', one: Option) => void }) {
  const t = useTexts(calendarTexts)
  const [organisation, setOrganisation] = useState<Option | null>(null)
  const [site, setSite] = useState('')
  const add = (chosen: Option, sites: readonly { id: string; name: string }[]) => {
    const one = sites.find(({ id }) => id === site)
    if (one) onAdd('sites', { value: one.id, label: `${chosen.label}, ${one.name}` })
    else onAdd('organisations', chosen)
    setOrganisation(null)
    setSite('')
  }
  return (
    <>
      <OrganisationPick key={organisation?.value ?? ''} label={t('organisation')} value={organisation} onChange={setOrganisation} />
      {organisation && <SiteChoice organisation={organisation} site={site} onSite={setSite} onAdd={(sites) => add(organisation, sites)} />}
    </>
  )
}

type SiteProps = {
  organisation: Option
  site: string
  onSite: (id: string) => void
  onAdd: (sites: readonly { id: string; name: string }[]) => void
}
function SiteChoice({ organisation, site, onSite, onAdd }: SiteProps) {
  const t = useTexts(calendarTexts)
  const found = useCall('GET /api/organisations/:id', { params: { id: organisation.value } })
  const sites = found.data?.sites ?? []
  return (
    <FieldRow>
      <SelectField
        label={t('site')}
        options={[{ value: '', label: t('whole') }, ...sites.map(({ id, name }) => ({ value: id, label: name }))]}
        value={site}
        onChange={onSite}
      />
      <span className={styles.beside}>
        <Button busy={found.isPending} onClick={() => onAdd(sites)}>
          {t('addUse')}
        </Button>
      </span>
    </FieldRow>
  )
}
