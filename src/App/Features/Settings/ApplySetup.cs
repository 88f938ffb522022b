using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Activities;
using Laurel.App.Features.ExternalIdentities;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Settings;

/// <summary>One thing that applying a setup file did, or would do.</summary>
/// <param name="Verb">"add", "change".</param>
public sealed record SetupChange(string Verb, string What, string Id, IReadOnlyList<Change> Fields)
{
    public override string ToString() => $"{Verb} {What} {Id}" + (Fields.Count == 0 || Verb == "add"
        ? ""
        : ": " + string.Join("; ", Fields.Select(f => $"{f.Field} {f.Before ?? "nothing"} -> {f.After ?? "nothing"}")));
}

/// <summary>
/// Makes the database agree with a setup file, in one transaction: what is there already and says the same is left alone, what the
/// file does not name stays as it is. Conditions act forward: a changed rule is a new version from the next workday on.
/// </summary>
public sealed class ApplySetup(
    Database database, Intake intake, BatchWriter writer, PersonStamps stamps, LinkIdentity links, WorkRunner work, TimeProvider time)
{
    /// <summary>
    /// What was done (or, with <paramref name="plan"/>, what would be); problems are in <paramref name="problems"/>, and then nothing is.
    /// </summary>
    /// <param name="stands">Asked when nobody else can change anything any more; false: nothing is done.</param>
    public IReadOnlyList<SetupChange> Run(
        Setup setup, YamlProblems problems, Actor actor, bool plan, Func<DbConnection, DbTransaction, bool>? stands = null)
    {
        // A file with problems is tried out all the same, for what else is wrong with it.
        if (plan || problems.Any) return Plan(database, setup, problems, time);
        var changes = new List<SetupChange>();
        var replayed = BatchOutcome.Nothing;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        try
        {
            database.Write((connection, transaction) =>
            {
                // Where other nodes write, too, this may be a second try.
                changes.Clear();
                problems.Clear();
                replayed = BatchOutcome.Nothing;
                Rulebook.Hold(connection, transaction);
                if (stands?.Invoke(connection, transaction) == false) throw new Undo();
                var agreement = new Agreement(connection, transaction, setup, problems, changes, now);
                Agree(agreement);
                if (problems.Any) throw new Undo();
                if (changes.Count == 0) return;
                Rulebook.TouchRules(connection, transaction);
                Rulebook.TouchFloor(connection, transaction);
                stamps.Advance(connection, transaction, [.. agreement.Joined.Select(key => new PersonKey(key))]);
                // First of all: what replaces something that is counted looks for it where it counts now.
                replayed = writer.Move(connection, transaction, new(agreement.Before, agreement.Moved, agreement.MovedTeams));
                foreach (var person in Awaited(agreement)) replayed = replayed.And(writer.Replay(connection, transaction, person));
                foreach (var (identity, target) in agreement.Linked)
                    replayed = replayed.And(links.Apply(connection, transaction, identity, target)!);
                if (agreement.Projects.Count > 0)
                    replayed = replayed.And(writer.DecideProjects(connection, transaction, agreement.Projects));
                foreach (var (person, from) in agreement.Belongs) Belonging.Changed(connection, transaction, person, from, now);
                foreach (var change in changes)
                    Audit.Write(connection, transaction, actor, now,
                        $"{change.What.Replace(' ', '-')}.{(change.Verb == "add" ? "added" : "changed")}", change.Id, change.Fields);
            });
        }
        catch (Undo)
        {
            return changes;
        }
        intake.Tell(replayed);
        if (changes.Count > 0) work.Wake();
        return changes;
    }

    /// <summary>
    /// What the file would change, or what is wrong with it: tried on a copy, so that nothing is changed, made or waited for.
    /// </summary>
    /// <param name="present">Only read; null where there is no database yet.</param>
    public static IReadOnlyList<SetupChange> Plan(Database? present, Setup setup, YamlProblems problems, TimeProvider time)
    {
        var changes = new List<SetupChange>();
        using var copy = new MemoryDatabase();
        copy.Migrate();
        if (present is not null) copy.Fill(present, Agreement.Tables);
        copy.Write((connection, transaction) =>
            Agree(new(connection, transaction, setup, problems, changes, time.GetUtcNow().ToUnixTimeMilliseconds())));
        return problems.Any ? [] : changes;
    }

    /// <summary>
    /// Whose activities may count by now: people who are new, and where a type was declared anew everybody whom it had refused.
    /// </summary>
    private static IEnumerable<string> Awaited(Agreement agreement) => agreement.Changes.Exists(c => c.What == ApplyMetrics.TypeChange)
        ? agreement.Connection.Query<string>(
            """
            SELECT h.person_id FROM held h JOIN person p ON p.id = h.person_id
            UNION SELECT h.person_id FROM held h JOIN external_identity i ON i.provider || @between || i.external = h.person_id
            WHERE i.state = 'linked'
            """, new { between = ExternalIdentity.Separator }, agreement.Transaction).ToList()
        : agreement.Added;

    private static void Agree(Agreement agreement)
    {
        // First of all: what is decided by now becomes fact before anything else changes. Where there is no site yet nothing is decided.
        var isNew = agreement.Before.Site is null;
        if (!isNew) ApplyHorizon.Run(agreement);
        var clock = new ApplyOrganisation(agreement).Run();
        if (isNew) ApplyHorizon.Run(agreement);
        ApplyProjects.Run(agreement);
        new ApplyIdentities(agreement).Run();
        ApplyPresence.Run(agreement);
        ApplyRecognition.Run(agreement, clock.WorkdayOf(agreement.Now));
        var metrics = new ApplyMetrics(agreement);
        metrics.Run();
        var achievements = new ApplyAchievements(agreement, metrics, clock);
        achievements.Run();
        new FollowMetrics(agreement, metrics, clock).Run();
        new ApplyPaths(agreement, achievements, clock.WorkdayOf(agreement.Now)).Run();
    }

    private sealed class Undo : Exception;
}
