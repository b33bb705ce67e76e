import { IconPlus, IconTrash } from '@tabler/icons-react'
import { roles } from '../../../contract/rights.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { FormProblem, SelectField, TextField } from '../../ui/Fields.tsx'
import { OrganisationPick, TeamPick } from '../people/picks.tsx'
import { useRoleWords } from '../people/words.ts'
import styles from './Providers.module.css'
import { providerTexts } from './provider-texts.ts'
import type { GroupRow } from './provider-values.ts'

type Props = { rows: readonly GroupRow[]; error: string | undefined; onChange: (rows: GroupRow[]) => void }

/** Which group gives which role, and where it holds. */
export function GroupRows({ rows, error, onChange }: Props) {
  const t = useTexts(providerTexts)
  const words = useRoleWords()
  const set = (key: number, change: Partial<GroupRow>) => onChange(rows.map((row) => (row.key === key ? { ...row, ...change } : row)))
  const add = () => {
    const key = Math.max(-1, ...rows.map((row) => row.key)) + 1
    onChange([...rows, { key, group: '', role: 'agent', organisation: null, team: null }])
  }
  return (
    <>
      {rows.map((row) => (
        <div key={row.key} className={styles.group}>
          <TextField label={t('group')} value={row.group} onChange={(event) => set(row.key, { group: event.currentTarget.value })} />
          <SelectField
            label={t('role')}
            options={roles.map((value) => ({ value, label: words.name(value) }))}
            value={row.role}
            onChange={(role) => set(row.key, { role })}
          />
          <OrganisationPick
            label={t('organisation')}
            value={row.organisation}
            onChange={(organisation) => set(row.key, { organisation })}
            clearable
          />
          <TeamPick label={t('team')} value={row.team} onChange={(team) => set(row.key, { team })} clearable />
          <IconButton
            label={t('removeGroup', { group: row.group })}
            icon={<IconTrash size={18} stroke={1.7} />}
            onClick={() => onChange(rows.filter(({ key }) => key !== row.key))}
          />
        </div>
      ))}
      <FormProblem text={error} />
      <div>
        <Button icon={<IconPlus size={16} />} onClick={add}>
          {t('addGroup')}
        </Button>
      </div>
    </>
  )
}
