/**
 * Conversations of old clients with their server, frame by frame. `A>` is sent by A, `A<` is what A hears next, `A!` ends
 * A's connection. `$A` is A's id, `$ROOM` and `$OTHER` are rooms that nobody else knows; "ANY" is anything. Lists of ICE
 * servers are left out: they may come at any time.
 */
export const transcripts: Readonly<Record<string, string>> = {
  'the first in a room finds nobody': `
    A> 420["join","$ROOM"]
    A< 430[null,{"clients":{}}]`,

  'a newcomer is told who is there, and the others hear nothing': `
    A> 420["join","$ROOM"]
    A< 430[null,{"clients":{}}]
    B> 421["join","$ROOM"]
    B< 431[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]
    C> 420["join","$ROOM"]
    C< 430[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false},"$B":{"screen":false,"video":true,"audio":false}}}]`,

  'a room is entered without an acknowledgement, too': `
    A> 42["join","$ROOM"]
    A> 420["create","$ROOM"]
    A< 430["taken"]
    B> 420["join","$ROOM"]
    B< 430[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]`,

  'what is no name is no room': `
    A> 420["join",5]
    A> 421["join"]
    A> 422["join",null]
    A> 423["join",{"a":1}]
    A> 424["join",["$ROOM"]]
    A> 425["join","$ROOM"]
    A< 435[null,{"clients":{}}]`,

  'who joins the room it is in stays': `
    A> 420["join","$ROOM"]
    A< 430[null,{"clients":{}}]
    B> 420["join","$ROOM"]
    B< 430[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]
    B> 421["join","$ROOM"]
    B< 431[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]
    A> 42["message",{"to":"$B","type":"x"}]
    B< 42["message",{"to":"$B","type":"x","from":"$A"}]`,

  'who joins another room leaves the one it is in, and is told so': `
    A> 420["join","$ROOM"]
    A< 430[null,{"clients":{}}]
    B> 420["join","$ROOM"]
    B< 430[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]
    B> 421["join","$OTHER"]
    A< 42["remove",{"id":"$B"}]
    B< 42["remove",{"id":"$B"}]
    B< 431[null,{"clients":{}}]
    B> 422["join","$ROOM"]
    B< 42["remove",{"id":"$B"}]
    B< 432[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]`,

  'who leaves is gone, and told so itself': `
    A> 420["join","$ROOM"]
    A< 430[null,{"clients":{}}]
    B> 420["join","$ROOM"]
    B< 430[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]
    A> 42["leave"]
    A< 42["remove",{"id":"$A"}]
    B< 42["remove",{"id":"$A"}]
    A> 42["leave"]
    B> 42["message",{"to":"$A","type":"x"}]
    A> 420["join","$OTHER"]
    A< 430[null,{"clients":{}}]`,

  'whose connection ends is gone': `
    A> 420["join","$ROOM"]
    A< 430[null,{"clients":{}}]
    B> 420["join","$ROOM"]
    B< 430[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]
    A!
    B< 42["remove",{"id":"$A"}]
    C> 420["join","$ROOM"]
    C< 430[null,{"clients":{"$B":{"screen":false,"video":true,"audio":false}}}]`,

  'who says that it disconnects is gone': `
    A> 420["join","$ROOM"]
    A< 430[null,{"clients":{}}]
    B> 420["join","$ROOM"]
    B< 430[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]
    B> 41
    A< 42["remove",{"id":"$B"}]`,

  'a connection is negotiated, field by field as it was sent': `
    A> 420["join","$ROOM"]
    A< 430[null,{"clients":{}}]
    B> 420["join","$ROOM"]
    B< 430[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]
    B> 42["message",{"to":"$A","sid":"1523","broadcaster":null,"roomType":"video","type":"offer","payload":{"type":"offer","sdp":"v=0","nick":"Bo"},"prefix":"webkit"}]
    A< 42["message",{"to":"$A","sid":"1523","broadcaster":null,"roomType":"video","type":"offer","payload":{"type":"offer","sdp":"v=0","nick":"Bo"},"prefix":"webkit","from":"$B"}]
    A> 42["message",{"to":"$B","sid":"1523","roomType":"video","type":"answer","payload":{"type":"answer","sdp":"v=0"},"prefix":"moz"}]
    B< 42["message",{"to":"$B","sid":"1523","roomType":"video","type":"answer","payload":{"type":"answer","sdp":"v=0"},"prefix":"moz","from":"$A"}]
    B> 42["message",{"to":"$A","sid":"1523","roomType":"video","type":"candidate","payload":{"candidate":{"candidate":"candidate:1","sdpMid":"0","sdpMLineIndex":0}},"prefix":"webkit"}]
    A< 42["message",{"to":"$A","sid":"1523","roomType":"video","type":"candidate","payload":{"candidate":{"candidate":"candidate:1","sdpMid":"0","sdpMLineIndex":0}},"prefix":"webkit","from":"$B"}]
    B> 42["message",{"to":"$A","sid":"1523","roomType":"video","type":"endOfCandidates","payload":{"isTrusted":true},"prefix":"webkit"}]
    A< 42["message",{"to":"$A","sid":"1523","roomType":"video","type":"endOfCandidates","payload":{"isTrusted":true},"prefix":"webkit","from":"$B"}]
    B> 42["message",{"to":"$A","sid":"1523","roomType":"video","type":"connectivityError","prefix":"webkit"}]
    A< 42["message",{"to":"$A","sid":"1523","roomType":"video","type":"connectivityError","prefix":"webkit","from":"$B"}]`,

  'messages of a page’s own are passed on as they are': `
    A> 420["join","$ROOM"]
    A< 430[null,{"clients":{}}]
    B> 420["join","$ROOM"]
    B< 430[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]
    A> 42["message",{"to":"$B","roomType":"video","type":"mute","payload":{"name":"audio"}}]
    B< 42["message",{"to":"$B","roomType":"video","type":"mute","payload":{"name":"audio"},"from":"$A"}]
    A> 42["message",{"to":"$B","roomType":"video","type":"unmute","payload":{"name":"audio"}}]
    B< 42["message",{"to":"$B","roomType":"video","type":"unmute","payload":{"name":"audio"},"from":"$A"}]
    A> 42["message",{"to":"$B","roomType":"video","type":"chat","payload":{"message":"你好 😀","nick":"Ána"}}]
    B< 42["message",{"to":"$B","roomType":"video","type":"chat","payload":{"message":"你好 😀","nick":"Ána"},"from":"$A"}]
    A> 42["message",{"to":"$B","type":"cursor","payload":[1,[2,{"x":null}],true],"more":"fields"}]
    B< 42["message",{"to":"$B","type":"cursor","payload":[1,[2,{"x":null}],true],"more":"fields","from":"$A"}]
    A> 42["message",{"to":"$B","from":"$B"}]
    B< 42["message",{"to":"$B","from":"$A"}]`,

  'a screen is told of to newcomers, and its end to all': `
    A> 420["join","$ROOM"]
    A< 430[null,{"clients":{}}]
    B> 420["join","$ROOM"]
    B< 430[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]
    A> 42["shareScreen"]
    A> 42["message",{"to":"$B","sid":"7","broadcaster":"$A","roomType":"screen","type":"offer","payload":{"type":"offer","sdp":"v=0"}}]
    B< 42["message",{"to":"$B","sid":"7","broadcaster":"$A","roomType":"screen","type":"offer","payload":{"type":"offer","sdp":"v=0"},"from":"$A"}]
    C> 420["join","$ROOM"]
    C< 430[null,{"clients":{"$A":{"screen":true,"video":true,"audio":false},"$B":{"screen":false,"video":true,"audio":false}}}]
    A> 42["unshareScreen","screen"]
    A< 42["remove",{"id":"$A","type":"screen"}]
    B< 42["remove",{"id":"$A","type":"screen"}]
    C< 42["remove",{"id":"$A","type":"screen"}]`,

  'a room is made once': `
    A> 420["create","$ROOM"]
    A< 430[null,"$ROOM"]
    B> 420["create","$ROOM"]
    B< 430["taken"]
    A> 421["create","$ROOM"]
    A< 431["taken"]
    B> 421["join","$ROOM"]
    B< 431[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]`,

  'a room is made without a name': `
    A> 420["create",""]
    A< 430[null,"ANY"]
    A> 421["create",null]
    A< 42["remove",{"id":"$A"}]
    A< 431[null,"ANY"]
    A> 422["create"]
    A< 42["remove",{"id":"$A"}]
    A< 432[null,"ANY"]`,

  'a room whose maker waits for no acknowledgement has a name by chance': `
    A> 42["create","$ROOM"]
    B> 420["create","$ROOM"]
    B< 430[null,"$ROOM"]`,

  'reports of a connection are answered by nothing': `
    A> 42["trace",{"type":"connection","session":"s","prefix":"webkit","peer":"p","time":1,"value":2}]
    A> 42["trace"]
    A> 42["trace",null]
    A> 42["trace",{"type":{"deep":[1]},"session":"${'s'.repeat(5_000)}"}]`,

  'what the protocol does not know is answered by nothing': `
    A> 42["message"]
    A> 42["message",null]
    A> 42["message",""]
    A> 42["message","text"]
    A> 42["message",[1]]
    A> 42["message",{}]
    A> 42["message",{"to":5}]
    A> 420["dance",{"with":"me"}]
    A> 42["shareScreen"]
    A> 42["unshareScreen"]`,
};
