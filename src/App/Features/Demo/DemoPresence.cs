using Laurel.Engine.Activities;
using Laurel.Engine.Presence;

namespace Laurel.App.Features.Demo;

/// <summary>
/// Statuses of the demonstration's agents, as their calls tell: the first call of a day begins it, half an hour without one is a break,
/// and with the last one they go offline. The samples themselves have none.
/// </summary>
public static class DemoPresence
{
    private const string Call = "call-answered", Talk = "talk";
    private const long BreakMs = 30 * 60_000L, OverMs = 4 * 3_600_000L;

    /// <summary>Changes of status, in no order.</summary>
    public static IEnumerable<IncomingActivity> Of(IEnumerable<IncomingActivity> activities)
    {
        foreach (var calls in activities.Where(a => a is { Type: Call, Person: not null }).GroupBy(a => a.Person!))
        {
            // Until when the agent has been in conversation so far; calls lie one after the other, or nearly.
            long? until = null;
            foreach (var call in calls.OrderBy(a => a.At))
            {
                var ends = call.At + call.Measures.FirstOrDefault(m => m.Name == Talk).Amount.Thousandths;
                if (until is not { } free || call.At - free > OverMs)
                {
                    if (until is { } left) yield return Change(calls.Key, left, "offline");
                    yield return Change(calls.Key, call.At, "online");
                }
                else if (call.At - free >= BreakMs)
                {
                    yield return Change(calls.Key, free, "break");
                    yield return Change(calls.Key, call.At, "online");
                }
                until = Math.Max(until ?? ends, ends);
            }
            if (until is { } last) yield return Change(calls.Key, last, "offline");
        }
    }

    private static IncomingActivity Change(string person, long at, string status) => new(
        "demo-telephone", ActivityId.Of($"{person}/{at}/{status}"), PresenceTypes.Change, person, null, at, [],
        [new(PresenceTypes.Status, status)]);
}
