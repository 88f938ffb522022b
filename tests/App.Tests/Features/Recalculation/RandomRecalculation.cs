using System.Data.Common;
using System.Globalization;
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
/// Somebody asks for a range to be decided anew, at rest: what was planned is what is done, to the last line. Where each day is judged
/// by its own conditions there is nothing to do, unless awards are not as they were decided: then just that is put right.
/// </summary>
internal static class RandomRecalculation
{
    private static readonly Actor Ada = new(null, "Ada", Via.Web);

    /// <summary>Of what is right as it is.</summary>
    public static void Act(CoreFixture core, Random random, int seed)
    {
        var snapshot = Read(core, c => core.Services.GetRequiredService<CatalogueStore>().Current(c));
        var rules = snapshot.Rules.Rules.Where(r => !r.Current.IsDrawn()).ToList();
        var many = random.Next(3) == 0 ? rules.Count : random.Next(1, 6);
        var chosen = rules.OrderBy(_ => random.Next()).Take(many).Select(r => r.Achievement).ToList();
        var today = Today(core, snapshot);
        var first = today.Plus(-random.Next(0, 40));
        var last = random.Next(2) == 0 ? today : new Workday(random.Next(first.Number, today.Number + 1));
        var byNewest = random.Next(2) == 0;
        var people = !byNewest && random.Next(2) == 0
            ? snapshot.Floor.People.Where(_ => random.Next(2) == 0).Select(p => p.Key).Order().ToList() : null;
        var wanted = new Wanted(chosen, people, new(first, byNewest && last == today ? Workday.End : last), byNewest);

        var (said, lines) = Run(core, wanted, seed);

        if (!byNewest && lines.Count > 0) throw new InvalidOperationException($"{said}\nchanged at rest:\n  {lines[0]}");
    }

    /// <summary>
    /// Of awards that a defect of the past has left otherwise than they were decided: one was never made, one has another moment or value,
    /// one is flagged though it holds, and one was made that nobody has earned, which is flagged and stays for a person to judge. False
    /// where there is no award to spoil.
    /// </summary>
    public static bool Mend(CoreFixture core, Random random, int seed)
    {
        var snapshot = Read(core, c => core.Services.GetRequiredService<CatalogueStore>().Current(c));
        var (right, today) = (Awards(core), Today(core, snapshot));
        var spoiled = core.Database.Write((c, t) => Spoil(c, t, snapshot, random));
        if (spoiled.Count == 0) return false;
        // At the least the workdays of these; all time has none of its own.
        var (first, last) = (today.Plus(-random.Next(20)), today);
        foreach (var of in spoiled.Select(s => s.Days).Where(d => d.Last < Workday.End))
            (first, last) = (Workday.Min(first, of.First), Workday.Max(last, of.Last));
        var chosen = spoiled.Select(s => s.Achievement)
            .Concat(snapshot.Rules.Rules.Where(r => !r.Current.IsDrawn() && random.Next(20) == 0).Select(r => r.Achievement))
            .Distinct().OrderBy(_ => random.Next()).ToList();
        var people = random.Next(2) == 0 ? null : snapshot.Floor.People.Select(p => p.Key)
            .Where(p => random.Next(2) == 0 || spoiled.Exists(s => s.Person == p)).Order().ToList();

        var (said, lines) = Run(core, new(chosen, people, new(first.Plus(-random.Next(3)), last), false), seed);

        var told = lines.ConvertAll(l => $"{l.Effect} {Key(l.Achievement.Value, l.Tier, l.Person.Value, l.Occasion)}").ToHashSet();
        var due = spoiled.Select(s => $"{s.Effect} {s.Award}").ToHashSet();
        if (!told.SetEquals(due))
            throw new InvalidOperationException(
                $"{said}\nnot told:\n  {string.Join("\n  ", due.Except(told))}\ntold:\n  {string.Join("\n  ", told.Except(due))}");
        var surplus = spoiled.Where(s => s.Effect == Effect.Flag).Select(s => s.Award).ToHashSet();
        var after = Awards(core);
        if (!after.Where(a => !surplus.Contains(a.Award)).ToHashSet().SetEquals(right))
            throw new InvalidOperationException(
                $"{said}\nwas right:\n  {string.Join("\n  ", right.Except(after))}\nis now:\n  {string.Join("\n  ", after.Except(right))}");
        foreach (var (award, state) in after.Where(a => surplus.Contains(a.Award)))
            if (!state.EndsWith(" flagged", StringComparison.Ordinal))
                throw new InvalidOperationException($"{said}\n{award} is {state}");
        return true;
    }

    /// <summary>An award that was spoiled, and what putting it right is called.</summary>
    private sealed record Spoiled(AchievementKey Achievement, PersonKey Person, WorkdaySpan Days, string Award, string Effect);

    private static List<Spoiled> Spoil(DbConnection connection, DbTransaction transaction, Snapshot snapshot, Random random)
    {
        // Who was first in a project is a recorded fact; so is what lies before the horizon.
        var open = snapshot.Rules.Rules.Where(r => !r.Current.IsDrawn() && r.Current.FirstOf().Count == 0)
            .Select(r => r.Achievement.Value).ToHashSet();
        var rows = connection.Query<(long Key, long Achievement, long Tier, long Person, string Occasion, int First, int Last)>(
            """
            SELECT key, achievement, tier, person, occasion, first, last FROM award
            WHERE flagged_at IS NULL AND revoked_at IS NULL AND awarded_by IS NULL AND settled = 0 ORDER BY key
            """, transaction: transaction).Where(r => open.Contains(r.Achievement)).ToList();
        var all = connection.Query<(long, long, long, string)>("SELECT achievement, tier, person, occasion FROM award",
            transaction: transaction).ToHashSet();
        var spoiled = new List<Spoiled>();
        foreach (var row in rows.OrderBy(_ => random.Next()).Take(random.Next(1, 6)))
        {
            var (person, effect) = (row.Person, Effect.All[random.Next(Effect.All.Count)]);
            var change = effect switch
            {
                Effect.Gain => "DELETE FROM award WHERE key = @Key",
                Effect.Lift => "UPDATE award SET flagged_at = announced_at WHERE key = @Key",
                Effect.Move => random.Next(3) switch
                {
                    0 => "UPDATE award SET earned_at = earned_at + 60000 WHERE key = @Key",
                    1 => "UPDATE award SET earned_at = earned_at - 86400000 WHERE key = @Key",
                    _ => "UPDATE award SET value = value + 1000 WHERE key = @Key",
                },
                _ => """
                    INSERT INTO award (achievement, tier, person, occasion, first, last, earned_at, announced_at, value)
                    SELECT achievement, tier, @person, occasion, first, last, earned_at, announced_at, value FROM award WHERE key = @Key
                    """,
            };
            if (effect == Effect.Flag)
            {
                // What somebody else has earned.
                person = snapshot.Floor.People.Select(p => p.Key.Value).Order()
                    .FirstOrDefault(p => !all.Contains((row.Achievement, row.Tier, p, row.Occasion)));
                if (person == 0) continue;
                all.Add((row.Achievement, row.Tier, person, row.Occasion));
            }
            connection.Execute(change, new { row.Key, person }, transaction);
            spoiled.Add(new(new(row.Achievement), new(person), new(new(row.First), new(row.Last)),
                Key(row.Achievement, row.Tier, person, row.Occasion), effect));
        }
        return spoiled;
    }

    /// <summary>
    /// Plans and runs it; what it is called in a message, and what it says it did. A plan changes nothing, and what is done is what was
    /// planned and what became of the awards.
    /// </summary>
    private static (string Said, List<RecalculationLine> Lines) Run(CoreFixture core, Wanted wanted, int seed)
    {
        var now = core.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var before = Awards(core);
        var said = $"history {seed} at {core.Time.GetUtcNow():u}: {(wanted.ByNewest ? "newest" : "each day")} {wanted.Range.First} to "
            + $"{(wanted.Range.Last == Workday.End ? "the end" : wanted.Range.Last.ToString())} of "
            + $"{string.Join(',', wanted.Achievements.Take(8).Select(a => a.Value))}, "
            + $"{(wanted.People is { } some ? string.Join(',', some.Select(p => p.Value)) : "everybody")}";

        var key = core.Database.Write((c, t) => Recalculate.Plan(c, t, wanted, Ada, now));
        core.Settle();
        var planned = Lines(core, key, made: false);
        if (!Awards(core).SetEquals(before)) throw new InvalidOperationException($"{said}\na plan changed awards");
        core.Database.Write((c, t) => Recalculate.Confirm(c, t, key, Ada, now)).ShouldBeTrue();
        core.Settle();
        var made = Lines(core, key, made: true);

        if (!planned.SequenceEqual(made))
            throw new InvalidOperationException(
                $"{said}\nplanned, not made:\n  {string.Join("\n  ", planned.Except(made).Take(5))}\n"
                + $"made, not planned:\n  {string.Join("\n  ", made.Except(planned).Take(5))}");
        // What it says is what became of the awards.
        var after = Awards(core);
        var changed = before.Except(after).Concat(after.Except(before)).Select(a => a.Award).Distinct().Count();
        if (changed != made.Count) throw new InvalidOperationException($"{said}\n{changed} awards changed, {made.Count} are told");
        return (said, made);
    }

    private static Workday Today(CoreFixture core, Snapshot snapshot) =>
        snapshot.Floor.Site!.Clock.WorkdayOf(core.Time.GetUtcNow().ToUnixTimeMilliseconds());

    private static List<RecalculationLine> Lines(CoreFixture core, long key, bool made) =>
        Read(core, c => RecalculationStore.Lines(c, null, key, made));

    private static string Key(long achievement, long tier, long person, string occasion) =>
        string.Create(CultureInfo.InvariantCulture, $"{achievement} {tier} {person} {occasion}");

    private static HashSet<(string Award, string State)> Awards(CoreFixture core) => Read(core, c => c
        .Query<(string, string)>(
            """
            SELECT achievement || ' ' || tier || ' ' || person || ' ' || occasion,
              first || ' ' || last || ' ' || earned_at || ' ' || value || CASE WHEN revoked_at IS NULL THEN '' ELSE ' revoked' END
                || CASE WHEN flagged_at IS NULL THEN '' ELSE ' flagged' END
            FROM award
            """)
        .ToHashSet());

    private static T Read<T>(CoreFixture core, Func<DbConnection, T> read)
    {
        using var connection = core.Database.Read();
        return read(connection);
    }
}
