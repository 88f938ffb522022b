using Dapper;
using Laurel.App.Features.Recalculation;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Recalculation;

/// <summary>
/// Somebody asks for a range to be decided anew, at rest: what was planned is what is done, to the last line, and where each day is judged
/// by its own conditions there is nothing to do.
/// </summary>
internal static class RandomRecalculation
{
    private static readonly Actor Ada = new(null, "Ada", Via.Web);

    public static void Act(CoreFixture core, Random random, int seed)
    {
        var snapshot = Read(core, c => core.Services.GetRequiredService<CatalogueStore>().Current(c));
        var rules = snapshot.Rules.Rules.Where(r => !r.Current.IsDrawn()).ToList();
        var many = random.Next(3) == 0 ? rules.Count : random.Next(1, 6);
        var chosen = rules.OrderBy(_ => random.Next()).Take(many).Select(r => r.Achievement).ToList();
        var now = core.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var today = snapshot.Floor.Site!.Clock.WorkdayOf(now);
        var first = today.Plus(-random.Next(0, 40));
        var last = random.Next(2) == 0 ? today : new Workday(random.Next(first.Number, today.Number + 1));
        var byNewest = random.Next(2) == 0;
        var people = !byNewest && random.Next(2) == 0
            ? snapshot.Floor.People.Where(_ => random.Next(2) == 0).Select(p => p.Key).Order().ToList() : null;
        var wanted = new Wanted(chosen, people, new(first, byNewest && last == today ? Workday.End : last), byNewest);
        var before = Awards(core);

        var key = core.Database.Write((c, t) => Recalculate.Plan(c, t, wanted, Ada, now));
        core.Settle();
        var planned = Lines(core, key, made: false);
        if (!Awards(core).SetEquals(before)) throw new InvalidOperationException($"history {seed}: a plan changed awards");
        core.Database.Write((c, t) => Recalculate.Confirm(c, t, key, Ada, now)).ShouldBeTrue();
        core.Settle();
        var made = Lines(core, key, made: true);

        var said = $"history {seed}: {(byNewest ? "newest" : "each day")} {first} to {last} of {string.Join(',', chosen.Take(8))}";
        if (!planned.SequenceEqual(made))
            throw new InvalidOperationException(
                $"{said}\nplanned, not made:\n  {string.Join("\n  ", planned.Except(made).Take(5))}\n"
                + $"made, not planned:\n  {string.Join("\n  ", made.Except(planned).Take(5))}");
        if (!byNewest && made.Count > 0) throw new InvalidOperationException($"{said}\nchanged at rest:\n  {made[0]}");
        // What it says is what became of the awards.
        var after = Awards(core);
        var changed = before.Except(after).Concat(after.Except(before)).Select(a => a.Award).Distinct().Count();
        if (changed != made.Count) throw new InvalidOperationException($"{said}\n{changed} awards changed, {made.Count} are told");
    }

    private static List<RecalculationLine> Lines(CoreFixture core, long key, bool made) =>
        Read(core, c => RecalculationStore.Lines(c, null, key, made));

    private static HashSet<(string Award, string State)> Awards(CoreFixture core) => Read(core, c => c
        .Query<(string, string)>(
            """
            SELECT achievement || ' ' || tier || ' ' || person || ' ' || occasion,
              first || ' ' || last || ' ' || earned_at || ' ' || value || CASE WHEN flagged_at IS NULL THEN '' ELSE ' flagged' END
            FROM award
            """)
        .ToHashSet());

    private static T Read<T>(CoreFixture core, Func<System.Data.Common.DbConnection, T> read)
    {
        using var connection = core.Database.Read();
        return read(connection);
    }
}
