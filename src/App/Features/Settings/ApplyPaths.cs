using System.Data.Common;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Settings;

/// <summary>
/// The paths of a setup file. Which step stands before which is part of a step's version: a path that changes is another one from the next
/// workday on, and what was earned by its old order stays earned.
/// </summary>
internal sealed class ApplyPaths(Agreement agreement, ApplyAchievements achievements, Workday today)
{
    private readonly DbConnection connection = agreement.Connection;
    private readonly DbTransaction transaction = agreement.Transaction;

    public void Run()
    {
        var first = connection.ExecuteScalar<int>("SELECT coalesce(max(position), -1) + 1 FROM path", transaction: transaction);
        for (var i = 0; i < agreement.Setup.Paths.Count; i++) Apply(agreement.Setup.Paths[i], first + i);
        Check();
    }

    private void Apply(PathSetup setup, int position)
    {
        var steps = new List<(long Key, YamlText Named)>();
        foreach (var named in setup.Steps)
            if (Find(named.Text) is { } key) steps.Add((key, named));
            else agreement.Missing("achievements", named, "achievement",
                connection.Query<string>("SELECT id FROM achievement", transaction: transaction));
        if (steps.Count < setup.Steps.Count) return;
        var row = new
        {
            setup.Id, position, name = JsonSerializer.Serialize(setup.Name.ByLanguage, CatalogueStore.Json),
            description = JsonSerializer.Serialize(setup.Description.ByLanguage, CatalogueStore.Json),
            setup.Area, archived = setup.IsArchived ? 1 : 0,
        };
        var known = connection.QueryFirstOrDefault<(long Key, string Name, string Description, string? Area, int Archived)?>(
            "SELECT key, name, description, area, archived FROM path WHERE id = @Id", new { setup.Id }, transaction);
        if (known is not null && setup.IsNew)
        {
            agreement.Refuse(setup.Node, $"there is a path '{setup.Id}' already");
            return;
        }
        var path = known?.Key ?? connection.ExecuteScalar<long>(
            """
            INSERT INTO path (id, name, description, area, archived, position)
            VALUES (@Id, @name, @description, @Area, @archived, @position) RETURNING key
            """, row, transaction);
        var others = connection.Query<(long Achievement, string Path)>(
            "SELECT s.achievement, p.id FROM path_step s JOIN path p ON p.key = s.path WHERE s.path <> @path", new { path }, transaction)
            .ToDictionary(s => s.Achievement, s => s.Path);
        foreach (var (key, named) in steps)
            if (others.TryGetValue(key, out var other))
                agreement.Refuse(named.At, $"'{named.Text}' is a step of the path '{other}' already: an achievement stands in one path");
        if (agreement.Problems.Any) return;

        var before = Steps(path);
        var (was, ids) = (string.Join(", ", before.Select(s => s.Id)), string.Join(", ", setup.Steps.Select(s => s.Text)));
        // What the file does not name keeps its name.
        if (known is { } called && setup.IsUnnamed) row = row with { name = called.Name };
        if (known is not { } there) agreement.Add("path", setup.Id, new("name", null, setup.Name.English), new("steps", null, ids));
        else
        {
            if (!agreement.Differs("path", setup.Id, new Change("name", SetupWriter.Line(there.Name), SetupWriter.Line(row.name)),
                new Change("description", SetupWriter.Line(there.Description), SetupWriter.Line(row.description)),
                new Change("area", there.Area, setup.Area), new Change("steps", was, ids),
                new Change("archived", there.Archived == 0 ? "no" : "yes", setup.IsArchived ? "yes" : "no")))
                return;
            connection.Execute(
                "UPDATE path SET name = @name, description = @description, area = @Area, archived = @archived WHERE id = @Id",
                row, transaction);
            if (was == ids) return;
        }
        connection.Execute("DELETE FROM path_step WHERE path = @path", new { path }, transaction);
        connection.Execute("INSERT INTO path_step (path, position, achievement) VALUES (@path, @i, @Key)",
            steps.Select((s, i) => new { path, i, s.Key }), transaction);
        foreach (var (key, _) in before.Where(b => steps.TrueForAll(s => s.Key != b.Key))) Follow(key, null);
        for (var i = 0; i < steps.Count; i++) Follow(steps[i].Key, i == 0 ? null : steps[i - 1].Key);
    }

    private List<(long Key, string Id)> Steps(long path) => [.. connection.Query<(long, string)>(
        "SELECT a.key, a.id FROM path_step s JOIN achievement a ON a.key = s.achievement WHERE s.path = @path ORDER BY s.position",
        new { path }, transaction)];

    private long? Find(string id) =>
        connection.ExecuteScalar<long?>("SELECT key FROM achievement WHERE id = @id", new { id }, transaction);

    /// <summary>What stands before a step, from the next workday on; at once where nobody has been looked at by it.</summary>
    private void Follow(long achievement, long? step)
    {
        var latest = connection.QueryFirst<(int Number, int Effective, string Rule, long? After, string? Audience)>(
            """
            SELECT number, effective, rule, after_step, audience FROM achievement_version WHERE achievement = @achievement
            ORDER BY number DESC LIMIT 1
            """, new { achievement }, transaction);
        if (latest.After == step) return;
        var effective = Workday.Max(today.Plus(1), new(latest.Effective));
        var of = new
        {
            achievement, step, latest.Number, next = latest.Number + 1, effective = effective.Number, latest.Rule, latest.Audience,
        };
        if (achievements.IsUntouched(achievement) || latest.Effective == effective.Number)
        {
            connection.Execute(
                "UPDATE achievement_version SET after_step = @step WHERE achievement = @achievement AND number = @Number", of, transaction);
            return;
        }
        connection.Execute(
            """
            INSERT INTO achievement_version (achievement, number, effective, rule, after_step, audience)
            VALUES (@achievement, @next, @effective, @Rule, @step, @Audience)
            """, of, transaction);
        Backfill.EnqueueStart(connection, transaction, new(achievement), effective);
    }

    /// <summary>
    /// A step is of a kind that has a moment of its own, and nothing is decided by itself: asked of all paths and collections, as rules
    /// change without their path being named.
    /// </summary>
    private void Check()
    {
        if (agreement.Problems.Any) return;
        var rules = new CatalogueStore().Current(connection, transaction).Rules;
        var steps = connection.Query<(long Key, string Id, string Path)>(
            """
            SELECT a.key, a.id, p.id FROM path_step s JOIN achievement a ON a.key = s.achievement JOIN path p ON p.key = s.path
            ORDER BY p.position, s.position
            """, transaction: transaction).ToList();
        foreach (var (id, path) in connection.Query<(string, string)>(
            """
            SELECT a.id, p.id FROM path_step s JOIN achievement a ON a.key = s.achievement JOIN path p ON p.key = s.path
            WHERE p.archived = 1 AND (a.waiting = 1
              OR EXISTS (SELECT 1 FROM achievement_span e WHERE e.achievement = a.key AND e.until IS NULL))
            ORDER BY p.position, s.position
            """, transaction: transaction))
            agreement.Refuse(NodeOf(path, id), $"'{id}' is a step of the path '{path}', which is archived: write enabled: false for it");
        foreach (var (key, id, path) in steps)
            if (rules.Rule(new(key)) is { } rule && !IsStep(rule, rules.Metric))
                agreement.Refuse(NodeOf(path, id), $"'{id}' cannot be a step: a step is earned once, has one level and a moment of its "
                    + "own, as an all-time count, a first time, a collection or a badge given by hand");
        foreach (var id in connection.Query<string>(
            "SELECT id FROM achievement WHERE visibility = 'previous' AND key NOT IN (SELECT achievement FROM path_step)",
            transaction: transaction))
            agreement.Refuse(NodeOf(null, id), $"'{id}' is hidden until the previous one is earned, and is no step of a path, so that "
                + "there is none: write visibility: hidden, or put it into a path");
        var ids = connection.Query<(long Key, string Id)>("SELECT key, id FROM achievement", transaction: transaction)
            .ToDictionary(a => new AchievementKey(a.Key), a => a.Id);
        foreach (var (follower, followed) in TestMode.Untested(connection, transaction, rules))
            agreement.Refuse(NodeOf(null, ids[follower]),
                $"'{ids[follower]}' is decided by '{ids[followed]}', which is in test: test both, or take that one live first");
        foreach (var rule in rules.Rules)
            if (FollowsItself(rule.Achievement, rules, []))
            {
                agreement.Refuse(NodeOf(null, ids[rule.Achievement]), ApplyAchievements.DecidedByItself(ids[rule.Achievement]));
                return;
            }
    }

    internal static bool IsStep(RuleHistory rule, Func<MetricKey, Metric> metrics) =>
        rule.Repeat == Repeat.Once && rule.Current.IsStep(metrics);

    /// <summary>By the newest versions: two steps that change places follow each other in turn, not at once.</summary>
    private static bool FollowsItself(AchievementKey achievement, RuleSet rules, HashSet<AchievementKey> on)
    {
        if (!on.Add(achievement)) return true;
        if (rules.Rule(achievement) is { } rule && rule.Versions[^1].Follows.Any(a => FollowsItself(a, rules, on))) return true;
        on.Remove(achievement);
        return false;
    }

    /// <summary>Where the file says it; the file's own beginning where another part of it (a metric, say) brought that about.</summary>
    private YamlNode NodeOf(string? path, string achievement) =>
        agreement.Setup.Paths.FirstOrDefault(p => path is not null && p.Id == path)?.Steps.FirstOrDefault(s => s.Text == achievement)?.At
        ?? agreement.Setup.Achievements.FirstOrDefault(a => a.Id == achievement)?.Node
        ?? agreement.Setup.Paths.FirstOrDefault()?.Node ?? agreement.Setup.Achievements.FirstOrDefault()?.Node ?? agreement.Setup.Root;
}
