using System.Data.Common;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements.Kinds;

/// <summary>How far a person is with an achievement that is on: what is asked, and all that tells it.</summary>
/// <param name="Awards">The person's own of this achievement.</param>
public sealed record ProgressAsked(
    DbConnection Connection, AchievementBook Book, Achievement Achievement, PersonKey Person, Workday Today,
    IReadOnlyList<EarnedAward> Awards, PersonWork Work, ContestStandings Standings)
{
    /// <summary>Null where it has none: nothing is told then.</summary>
    public RuleHistory? History => Book.History(Achievement);

    public int Earned(int tier) => Awards.Count(a => a.Tier == tier);

    public int Earned(int tier, string occasion) =>
        Awards.Count(a => a.Tier == tier && string.Equals(a.Occasion, occasion, StringComparison.Ordinal));
}
