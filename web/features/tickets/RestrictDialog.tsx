import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { CheckField } from '../../ui/Fields.tsx'
import { PersonName } from '../../ui/Marks.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { ColleagueList } from './ColleagueList.tsx'
import { talkTexts } from './conversation-texts.ts'
import { act } from './edit.ts'
import styles from './RestrictDialog.module.css'

/** For personnel and security matters. Whoever restricts stays among those who see it. */
export function RestrictDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const t = useTexts(talkTexts)
  const u = useTexts(uiTexts)
  const me = useMe()
  const teams = useCall('GET /api/teams', {}, { staleTime: 60_000 }).data?.items ?? []
  const [people, setPeople] = useState<readonly { id: string; name: string }[]>(ticket.restricted?.people ?? [{ id: me.id, name: me.name }])
  const [teamIds, setTeamIds] = useState<readonly string[]>(ticket.restricted?.teams.map((x) => x.id) ?? [])
  const put = async (to: { personIds: string[]; teamIds: string[] } | null) => {
    if (await act(() => call('PUT /api/tickets/:id/restriction', { params: { id: ticket.id }, body: { to } }))) onClose()
  }
  return (
    <Dialog title={t('restrictTitle')} open onClose={onClose}>
      <p className="dim">{t('restrictText')}</p>
      <div className={styles.parts}>
        <section>
          <h3>{t('restrictPeople')}</h3>
          {people.map((p) => (
            <div key={p.id} className="row">
              <PersonName person={p} />
              <span className="grow" />
              {p.id !== me.id && (
                <IconButton
                  label={u('remove', { name: p.name })}
                  icon={<IconX size={14} />}
                  onClick={() => setPeople(people.filter((x) => x.id !== p.id))}
                />
              )}
            </div>
          ))}
          <ColleagueList onPick={(p) => setPeople(people.some((x) => x.id === p.id) ? people : [...people, { id: p.id, name: p.name }])} />
        </section>
        <section>
          <h3>{t('restrictTeams')}</h3>
          {teams.map((team) => (
            <CheckField
              key={team.id}
              label={team.name}
              checked={teamIds.includes(team.id)}
              onChange={(e) => setTeamIds(e.currentTarget.checked ? [...teamIds, team.id] : teamIds.filter((x) => x !== team.id))}
            />
          ))}
        </section>
      </div>
      <Buttons>
        {ticket.restricted && <Button onClick={() => void put(null)}>{t('lift')}</Button>}
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button
          look="main"
          disabled={people.length === 0 && teamIds.length === 0}
          onClick={() => void put({ personIds: people.map((p) => p.id), teamIds: [...teamIds] })}
        >
          {t('restrictDo')}
        </Button>
      </Buttons>
    </Dialog>
  )
}
