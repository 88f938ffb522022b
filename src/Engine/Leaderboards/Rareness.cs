namespace Laurel.Engine.Leaderboards;

/// <summary>How few hold a badge, in five steps.</summary>
public enum Rareness { Common, Uncommon, Rare, VeryRare, Exceptional }

public static class RarenessPoints
{
    public static readonly IReadOnlyList<Rareness> All =
        [Rareness.Common, Rareness.Uncommon, Rareness.Rare, Rareness.VeryRare, Rareness.Exceptional];

    /// <summary>
    /// From the share of people who hold it: half of them or more, a fifth, a twentieth, a hundredth, fewer. Steps, not the share
    /// itself: a badge that one person has would outweigh all that anybody ever earns.
    /// </summary>
    /// <param name="people">Who could hold it; nobody counts as one.</param>
    public static Rareness Of(long holders, long people)
    {
        people = Math.Max(1, people);
        return holders * 2 >= people ? Rareness.Common
            : holders * 5 >= people ? Rareness.Uncommon
            : holders * 20 >= people ? Rareness.Rare
            : holders * 100 >= people ? Rareness.VeryRare
            : Rareness.Exceptional;
    }

    /// <summary>What a badge counts on a leaderboard by rarity.</summary>
    public static int Points(this Rareness rareness) => rareness switch
    {
        Rareness.Common => 1,
        Rareness.Uncommon => 2,
        Rareness.Rare => 5,
        Rareness.VeryRare => 10,
        Rareness.Exceptional => 20,
    };
}
