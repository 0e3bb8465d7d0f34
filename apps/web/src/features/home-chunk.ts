/** What a person sees who came without the link of a room. */
export { BadRoomScreen } from './home/bad-room-screen.tsx';
export { HomeScreen } from './home/home-screen.tsx';
export { NowhereScreen } from './home/nowhere-screen.tsx';
