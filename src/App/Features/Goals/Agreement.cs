namespace Laurel.App.Features.Goals;

/// <summary>How far the two sides are with a goal.</summary>
/// <param name="Open">What one side has set or proposed and the other has not said yes to; null where there is nothing.</param>
/// <param name="IsAgreed">Both have said yes to what it asks for.</param>
public sealed record Agreement(GoalEntry? Open, bool IsAgreed)
{
    public static Agreement Of(KeptGoal goal, IReadOnlyList<GoalEntry> entries)
    {
        var said = entries.Where(e => e.Kind is "set" or "changed" or "proposed" or "accepted").ToList();
        var agreed = goal.Goal?.Newest.AgreedAt is not null;
        return new(said.Count > 0 && said[^1].Kind != "accepted" ? said[^1] : null, agreed);
    }
}
