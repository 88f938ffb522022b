using System.Collections.Concurrent;
using Laurel.App.Features.Activities;
using Laurel.Engine.Activities;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>Answers by person: "nobody" is held, "wrong" rejected; an id seen before is a duplicate; all else is accepted.</summary>
internal sealed class FakeIntake : Intake
{
    private readonly ConcurrentDictionary<(string, ActivityId, long), IncomingActivity> taken = [];
    private int calls;

    public ICollection<IncomingActivity> Taken => taken.Values;
    public int Calls => calls;
    /// <summary>From this call on the intake is full.</summary>
    public int FullFromCall { get; set; } = int.MaxValue;

    public override Task<IReadOnlyList<ItemResult>> Take(IReadOnlyList<IncomingActivity> activities, CancellationToken cancel)
    {
        if (Interlocked.Increment(ref calls) >= FullFromCall) throw new IntakeFull(TimeSpan.FromMilliseconds(1500));
        return Task.FromResult<IReadOnlyList<ItemResult>>(activities.Select(Judge).ToList());
    }

    private ItemResult Judge(IncomingActivity activity) => activity.Person switch
    {
        "wrong" => ItemResult.Rejected("type 'call-answered' declares no measure 'x'"),
        _ when !taken.TryAdd((activity.Source, activity.Id, activity.Version), activity) => ItemResult.Duplicate,
        "nobody" => ItemResult.Held("person 'nobody' is not known"),
        _ => ItemResult.Accepted,
    };
}
