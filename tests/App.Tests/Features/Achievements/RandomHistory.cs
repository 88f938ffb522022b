using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>
/// Activities around a change of clocks and a change of month, with ties in time, corrections and voids; each delivery stands
/// for itself, so that they may arrive in any order.
/// </summary>
internal sealed record RandomHistory(IReadOnlyList<IncomingActivity> Deliveries)
{
    public const int People = 4, Teams = 2;

    /// <summary>Some people are named by what another system calls them.</summary>
    public static readonly ExternalIdentity[] Identities = [new("crm", "1"), new("crm", "2"), new("phone", "1")];

    /// <summary>Projects by their own ids, and by what another system calls them.</summary>
    public static readonly string[] Projects =
        ["alpha", "beta", "gamma", new ExternalIdentity("crm", "1").Awaited, new ExternalIdentity("crm", "2").Awaited];

    /// <summary>
    /// Where the numbers of histories begin for a seed. FsCheck goes on from a seed by one for each history: seeds that follow each other
    /// would try nearly the same ones.
    /// </summary>
    public static ulong FarApart(ulong seed) => unchecked(seed * 0x9E37_79B9_7F4A_7C15);

    /// <param name="start">Activities fall on the five weeks after it.</param>
    public static RandomHistory Make(Random random, DateTimeOffset start)
    {
        var deliveries = new List<IncomingActivity>();
        var count = random.Next(5, 120);
        for (var i = 0; i < count; i++)
        {
            var first = Activity(random, start, i);
            deliveries.Add(first);
            for (var version = 1; version <= 3 && random.Next(6) == 0; version++)
            {
                var next = random.Next(3) == 0
                    ? first with { IsVoid = true, Measures = [], Labels = [] }
                    : Activity(random, start, i) with { Source = first.Source };
                deliveries.Add(next with { Version = version });
            }
        }
        return new(deliveries);
    }

    /// <summary>Per identity the highest version of what has arrived, unless that takes the activity back.</summary>
    public static IReadOnlyList<IncomingActivity> Effective(IEnumerable<IncomingActivity> arrived) =>
        [.. arrived.GroupBy(d => (d.Source, d.Id)).Select(g => g.MaxBy(d => d.Version)!).Where(d => !d.IsVoid)];

    private static IncomingActivity Activity(Random random, DateTimeOffset start, int i)
    {
        // Few distinct minutes, so that instants tie across people and sources; often a midnight of some site.
        var day = random.Next(0, random.Next(2) == 0 ? 35 : 8);
        var minute = random.Next(0, 30) == 0 ? 0 : random.Next(0, 24 * 4) * 15;
        var at = start.AddHours(-2).AddDays(day).AddMinutes(minute).ToUnixTimeMilliseconds();
        string? team = random.Next(14) == 0 ? $"t{random.Next(Teams)}" : null;
        return new(
            random.Next(2) == 0 ? "desk" : "phone",
            i % 3 == 0 ? ActivityId.Of(new Guid(i + 1, 0, 0, new byte[8])) : ActivityId.Of($"n{i}"),
            random.Next(3) == 0 ? "chat" : "case",
            team is not null ? null
                : random.Next(7) == 0 ? Identities[random.Next(Identities.Length)].Awaited : $"p{random.Next(0, People)}",
            team, at,
            random.Next(8) == 0
                ? []
                : [new("talk", new Amount(random.Next(0, 11) * 500)), new("score", new Amount(random.Next(-2, 4) * 1000))],
            random.Next(2) == 0 ? [new("channel", random.Next(5) switch { 0 or 1 => "mail", 2 or 3 => "phone", _ => "Paštas" })] : [])
        {
            Project = random.Next(3) == 0 ? Projects[random.Next(Projects.Length)] : null,
        };
    }
}
