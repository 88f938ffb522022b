using Laurel.Engine.Activities;

namespace Laurel.App.Features.Activities;

/// <summary>What became of one item of a body.</summary>
/// <param name="Index">Its place among the items of the body, from 0; blank lines are no items.</param>
/// <param name="Id">The event's id; null where none could be read.</param>
/// <param name="Outcome">accepted, duplicate, held or rejected.</param>
/// <param name="Reason">Why it was held or rejected, with the member's path.</param>
public sealed record ItemAnswer(int Index, string? Id, string Outcome, string? Reason)
{
    /// <summary>The line of the body that holds it, from 1, blank lines counted; null where the body is not of lines.</summary>
    public int? Line { get; init; }
}

/// <summary>What became of a body: one answer per item, in their order, and the counts.</summary>
public sealed record DeliveryAnswer(IReadOnlyList<ItemAnswer> Results, int Accepted, int Duplicate, int Held, int Rejected);

/// <summary>The events of one request on their way through the intake.</summary>
internal sealed class Delivery(Intake intake)
{
    private readonly List<ReadEvent> waiting = [];
    private readonly List<ItemAnswer> answers = [];
    private readonly int[] counts = new int[Enum.GetValues<ItemOutcome>().Length];

    public int Waiting => waiting.Count;
    /// <summary>Items that are judged for good.</summary>
    public int Settled => answers.Count;
    public int Count => waiting.Count + answers.Count;

    public void Add(ReadEvent read) => waiting.Add(read);

    /// <summary>Hands in what waits; when this is done it is on disk and answered for.</summary>
    /// <exception cref="IntakeFull">Nothing of what waits was taken.</exception>
    public async Task Settle(CancellationToken cancel)
    {
        var activities = new List<IncomingActivity>(waiting.Count);
        foreach (var read in waiting)
            if (read.Activity is { } activity) activities.Add(activity);
        var results = activities.Count == 0 ? [] : await intake.Take(activities, cancel);
        var next = 0;
        foreach (var read in waiting) Answer(read, read.Activity is null ? ItemResult.Rejected(read.Reason!) : results[next++]);
        waiting.Clear();
    }

    public DeliveryAnswer ToAnswer() => new(answers, Of(ItemOutcome.Accepted), Of(ItemOutcome.Duplicate), Of(ItemOutcome.Held),
        Of(ItemOutcome.Rejected));

    private int Of(ItemOutcome outcome) => counts[(int)outcome];

    private void Answer(ReadEvent read, ItemResult result)
    {
        counts[(int)result.Outcome]++;
        answers.Add(new(answers.Count, read.Id, Name(result.Outcome), result.Reason) { Line = read.Line });
    }

    private static string Name(ItemOutcome outcome) => outcome switch
    {
        ItemOutcome.Accepted => "accepted",
        ItemOutcome.Duplicate => "duplicate",
        ItemOutcome.Held => "held",
        ItemOutcome.Rejected => "rejected",
    };
}
