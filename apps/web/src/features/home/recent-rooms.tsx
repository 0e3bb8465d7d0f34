import { roomPath } from '../../session/route.ts';
import { useSession, useWords } from '../../session/session.ts';
import { IconButton } from '../../ui/button.tsx';

/** Rooms this browser has been in. They can be forgotten one by one. */
export function RecentRooms() {
  const { preferences, router } = useSession();
  const { t } = useWords();
  const { recentRooms } = preferences.current.value;
  if (recentRooms.length === 0) return null;
  return (
    <section class="recent" aria-labelledby="recent-heading">
      <h2 id="recent-heading" class="recent__heading">
        {t('home.recent')}
      </h2>
      <ul class="recent__list" aria-labelledby="recent-heading">
        {recentRooms.map((room) => (
          <li key={room} class="recent__item">
            <a
              class="recent__link"
              href={router.hrefOf(roomPath(room))}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                router.navigate(roomPath(room));
              }}
            >
              {room}
            </a>
            <IconButton
              icon="x"
              label={t('home.recent.forget', { room })}
              onClick={() => {
                preferences.update({ recentRooms: recentRooms.filter((other) => other !== room) });
              }}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
