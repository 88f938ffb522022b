using Laurel.Engine.Kernel;
using NodaTime;

namespace Laurel.Engine.Achievements;

/// <summary>
/// How long a badge stays with who earned it: the retention of an achievement. The award itself stays whatever becomes of the badge.
/// </summary>
public enum Tenure
{
    Permanent,
    /// <summary>Until somebody else wins on a later occasion.</summary>
    Holder,
    /// <summary>Until the day, week or month is over in which it was earned.</summary>
    Period,
}

/// <summary>By what one occasion comes after another, where each has winners of its own.</summary>
public enum Succession
{
    /// <summary>By the period: its end is another instant at each site.</summary>
    ByPeriod,
    ByMoment,
}

/// <summary>An award that holds, as far as it says who has the badge.</summary>
/// <param name="Last">Last workday that counted.</param>
/// <param name="EarnedAt">UTC milliseconds.</param>
public readonly record struct Won(PersonKey Person, string Occasion, Workday Last, long EarnedAt);

/// <summary>Somebody who has a moving badge.</summary>
/// <param name="Since">When the person won it and did not have it already; UTC milliseconds.</param>
/// <param name="From">Who had it until then; nobody of a first holder.</param>
public sealed record Holding(PersonKey Person, long Since, IReadOnlyList<PersonKey> From);

/// <summary>A moving badge went over.</summary>
/// <param name="At">UTC milliseconds.</param>
/// <param name="From">Who lost it.</param>
/// <param name="To">Who got it; nobody where one of several holders was left with it.</param>
public sealed record Passing(long At, IReadOnlyList<PersonKey> From, IReadOnlyList<PersonKey> To);

/// <summary>
/// A badge that passes to the next winner. Nothing of it is kept: who has it, since when, and each passing follow from the awards that
/// hold. An occasion without a winner passes nothing on. Equal winners have it together.
/// </summary>
public sealed class MovingBadge
{
    private readonly List<(long At, List<Won> Winners)> turns = [];

    public MovingBadge(IEnumerable<Won> awards, Succession succession)
    {
        long Order(Won won) => succession == Succession.ByPeriod ? won.Last.Number : won.EarnedAt;
        foreach (var occasion in awards.GroupBy(a => a.Occasion, StringComparer.Ordinal)
            .OrderBy(o => o.Max(Order)).ThenBy(o => o.Max(a => a.EarnedAt)).ThenBy(o => o.Key, StringComparer.Ordinal))
            turns.Add((occasion.Min(a => a.EarnedAt), [.. occasion.DistinctBy(a => a.Person).OrderBy(a => a.Person)]));
    }

    /// <summary>Who has it now.</summary>
    public IReadOnlyList<Holding> Holders => turns.Count == 0 ? [] : [.. turns[^1].Winners.Select(w => Since(w.Person))];

    /// <summary>Oldest first; winning again passes nothing on.</summary>
    public IReadOnlyList<Passing> Passings
    {
        get
        {
            var all = new List<Passing>();
            List<PersonKey> before = [];
            foreach (var (at, winners) in turns)
            {
                var now = winners.ConvertAll(w => w.Person);
                if (now.Except(before).Any() || before.Except(now).Any())
                    all.Add(new(at, [.. before.Except(now)], [.. now.Except(before)]));
                before = now;
            }
            return all;
        }
    }

    private Holding Since(PersonKey person)
    {
        var first = turns.Count - 1;
        while (first > 0 && turns[first - 1].Winners.Exists(w => w.Person == person)) first--;
        return new(person, turns[first].Winners.First(w => w.Person == person).EarnedAt,
            first == 0 ? [] : [.. turns[first - 1].Winners.Select(w => w.Person)]);
    }
}

/// <summary>A badge that stays for its period.</summary>
public static class Lapse
{
    /// <summary>Whether a badge that repeats so has periods at all.</summary>
    public static bool HasPeriod(Repeat repeat) => repeat is Repeat.Day or Repeat.Week or Repeat.Month;

    /// <summary>
    /// The last workday on which it is held. What is earned at once stays until its own period is over; what is decided at a period's
    /// end is earned as the next one begins, and stays through that.
    /// </summary>
    /// <param name="earned">The person's workday of the moment.</param>
    public static Workday LastDay(Repeat repeat, Workday earned, IsoDayOfWeek weekStart) => repeat switch
    {
        Repeat.Day => earned,
        Repeat.Week => WorkdaySpan.Of(TimeRange.Week, earned, weekStart).Last,
        Repeat.Month => WorkdaySpan.Of(TimeRange.Month, earned, weekStart).Last,
        Repeat.Once or Repeat.EveryTime => Workday.End,
    };
}
