import { catalogue } from '../../kernel/i18n.ts'

export const keyTexts = catalogue({
  en: {
    lead: 'Go into a field and press the key you want, alone or with Ctrl or Alt.',
    taken: '{key} is taken: {does}. Give that one another key first.',
    takenGo: 'G begins the keys that go to a place (G, then T). Choose another.',
    takenFixed: 'This one always opens the search or sends. Choose another.',
    back: '{does}: back to {key}',
    allBack: 'All keys as they were',
    newOne: 'new one in a list',
    editOne: 'edit',
    undoLabel: 'How long can I take back what I sent?',
    undoDesk: 'As the desk sets it ({seconds} s)',
    undoSeconds: '{seconds} seconds',
    undoHint: 'A reply waits so long before it leaves. Choose more if ten seconds are too short.',
  },
  de: {
    lead: 'In ein Feld gehen und die gewünschte Taste drücken, allein oder mit Strg oder Alt.',
    taken: '{key} ist vergeben: {does}. Dort zuerst eine andere Taste setzen.',
    takenGo: 'Mit G beginnen die Tasten, die zu einem Bereich führen (G, dann T). Bitte eine andere wählen.',
    takenFixed: 'Diese öffnet immer die Suche oder sendet. Bitte eine andere wählen.',
    back: '{does}: zurück zu {key}',
    allBack: 'Alle Tasten wie vorher',
    newOne: 'in Listen etwas Neues',
    editOne: 'bearbeiten',
    undoLabel: 'Wie lange kann ich Gesendetes zurücknehmen?',
    undoDesk: 'Wie eingestellt ({seconds} s)',
    undoSeconds: '{seconds} Sekunden',
    undoHint: 'So lange wartet eine Antwort, ehe sie hinausgeht. Mehr wählen, wenn zehn Sekunden zu kurz sind.',
  },
})
