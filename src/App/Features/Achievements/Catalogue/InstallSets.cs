using System.Data.Common;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Achievements.Kinds;
using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Engine.Presence;
using Laurel.Storage;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Achievements.Catalogue;

/// <summary>An achievement of the catalogue as it stands in this installation.</summary>
/// <param name="IsThere">One of its id is there already, and stays as it is.</param>
/// <param name="Waits">Types that would have to come before it is installed; none where it can be.</param>
public sealed record OfferedAchievement(AchievementSetup Setup, bool IsThere, IReadOnlyList<string> Types, IReadOnlyList<string> Waits)
{
    public bool CanBeInstalled => !IsThere && Waits.Count == 0;
}

/// <param name="Sent">Of the types that the set counts, those that somebody sends.</param>
public sealed record OfferedSet(ShippedSet Set, IReadOnlyList<OfferedAchievement> Achievements, IReadOnlySet<string> Sent)
{
    public IReadOnlyList<string> Types => [.. Achievements.SelectMany(a => a.Types).Distinct(StringComparer.Ordinal)];
    public int Installed => Achievements.Count(a => a.IsThere);
}

/// <summary>
/// Installs sets of the catalogue as a setup file is applied, with what they count. What is there already, by its id, is left as it is:
/// an achievement or metric that somebody has changed is not changed back.
/// </summary>
public sealed class InstallSets(Database database, ApplySetup apply, SentTypes sent, LiveHub live)
{
    public IReadOnlyList<OfferedSet> Offered()
    {
        using var connection = database.Read();
        return [.. ShippedSets.All.Select(set => Offer(connection, set, sent))];
    }

    public OfferedSet Offered(ShippedSet set)
    {
        using var connection = database.Read();
        return Offer(connection, set, sent);
    }

    /// <param name="chosen">Ids of achievements of the set; null for all.</param>
    /// <param name="plan">Says what would change, and changes nothing.</param>
    public (IReadOnlyList<SetupChange> Changes, IReadOnlyList<YamlProblem> Problems) Run(
        ShippedSet set, IReadOnlyCollection<string>? chosen, bool plan, Actor actor)
    {
        Setup setup;
        using (var connection = database.Read()) setup = Missing(connection, Offer(connection, set, sent), chosen);
        var problems = new YamlProblems($"catalogue/{set.Id}.yaml");
        var changes = setup.Achievements.Count == 0 ? [] : apply.Run(setup, problems, actor, plan);
        if (!plan && changes.Count > 0 && !problems.Any) live.Changed(ManageFeature.Topic);
        return (problems.Any ? [] : changes, problems.InOrder());
    }

    /// <summary>What is there, and what would have to come.</summary>
    public static OfferedSet Offer(DbConnection connection, ShippedSet set, SentTypes sentTypes, bool whole = false)
    {
        var there = connection.Query<string>("SELECT id FROM achievement").ToHashSet(StringComparer.Ordinal);
        var types = set.Achievements.Select(a => (Achievement: a, Types: ShippedSets.Sent(a))).ToList();
        var sent = sentTypes.Among(connection, [.. types.SelectMany(t => t.Types).Distinct(StringComparer.Ordinal)], whole);
        return new(set, [.. types.Select(t => new OfferedAchievement(t.Achievement, there.Contains(t.Achievement.Id), t.Types,
            set.NeedsSent ? [.. t.Types.Where(type => !sent.Contains(type))] : []))], sent);
    }

    /// <summary>A setup file of what is chosen and not there, with what it counts and is not counted yet.</summary>
    public static Setup Missing(DbConnection connection, OfferedSet offered, IReadOnlyCollection<string>? chosen)
    {
        var wanted = offered.Achievements
            .Where(a => a.CanBeInstalled && (chosen is null || chosen.Contains(a.Setup.Id, StringComparer.Ordinal)))
            .Select(a => a.Setup with { IsNew = true }).ToList();
        var known = connection.Query<string>("SELECT id FROM metric WHERE hidden = 0").ToHashSet(StringComparer.Ordinal);
        var metrics = wanted.SelectMany(a => a.Metrics).Select(m => m.Text).Distinct(StringComparer.Ordinal)
            .Where(id => !known.Contains(id)).Select(id => ShippedSets.Metric(id)!).ToList();
        var counted = metrics.SelectMany(m => m.Metric.Types).Concat(wanted.SelectMany(a => a.Types.Select(t => t.Text)))
            .Concat(wanted.SelectMany(a => a.Own?.Metric.Types ?? [])).Distinct(StringComparer.Ordinal).ToList();
        var needsPresence = counted.Contains(PresenceTypes.Segment, StringComparer.Ordinal)
            || wanted.Exists(a => RuleKinds.Named(a.Type).ReadsPresence);
        return new(
            [], null, [], [], [],
            [.. counted.Select(ShippedSets.Type).OfType<TypeSetup>().Select(t => Lacking(connection, t)).OfType<TypeSetup>()],
            metrics, wanted)
        {
            Presence = needsPresence && CatalogueStore.Presence(connection, null) is null ? ShippedSets.Statuses : null,
            Paths = [.. offered.Set.Paths.Select(p => PathOf(connection, p, wanted)).OfType<PathSetup>()],
        };
    }

    /// <summary>A type that is not there, or what one that is there does not declare; null where it declares all.</summary>
    private static TypeSetup? Lacking(DbConnection connection, TypeSetup shipped)
    {
        if (connection.QueryFirstOrDefault<(string Name, string Definition, string Words)?>(
            "SELECT name, definition, words FROM activity_type WHERE id = @Id", new { shipped.Type.Id }) is not { } known)
            return shipped;
        var type = JsonSerializer.Deserialize<ActivityType>(known.Definition, CatalogueStore.Json)!;
        var measures = shipped.Type.Measures.Where(m => type.Measure(m.Name) is null).ToList();
        var labels = shipped.Type.Labels.Except(type.Labels, StringComparer.Ordinal).ToList();
        if (measures.Count + labels.Count == 0) return null;
        var (said, own) = (TypeWords.Read(known.Words), shipped.Words);
        return shipped with
        {
            Name = new(JsonSerializer.Deserialize<SortedDictionary<string, string>>(known.Name)!),
            Type = type with { Measures = [.. type.Measures, .. measures], Labels = [.. type.Labels, .. labels] },
            Words = new(With(said.Measures, own.Measures, measures.Select(m => m.Name)), With(said.Labels, own.Labels, labels)),
        };
    }

    private static SortedDictionary<string, T> With<T>(
        IReadOnlyDictionary<string, T>? known, IReadOnlyDictionary<string, T>? more, IEnumerable<string> names)
    {
        var all = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, said) in known ?? new Dictionary<string, T>()) all[name] = said;
        foreach (var name in names)
            if (more is not null && more.TryGetValue(name, out var said)) all[name] = said;
        return all;
    }

    /// <summary>The path with the steps that are new, each behind those that the catalogue has before it; null without new ones.</summary>
    private static PathSetup? PathOf(DbConnection connection, PathSetup shipped, List<AchievementSetup> wanted)
    {
        if (!shipped.Steps.Any(s => wanted.Exists(a => a.Id == s.Text))) return null;
        var (steps, name, description) = (new List<string>(), shipped.Name, shipped.Description);
        var path = shipped;
        if (connection.QueryFirstOrDefault<(long Key, string Name, string Description, string? Area)?>(
            "SELECT key, name, description, area FROM path WHERE id = @Id", new { shipped.Id }) is { } known)
        {
            // One that was put away comes back with what it lacks.
            path = shipped with { Area = known.Area };
            (name, description) = (TextsOf(known.Name), TextsOf(known.Description));
            steps.AddRange(connection.Query<string>(
                "SELECT a.id FROM path_step s JOIN achievement a ON a.key = s.achievement WHERE s.path = @Key ORDER BY s.position",
                new { known.Key }));
        }
        for (var i = 0; i < shipped.Steps.Count; i++)
        {
            var id = shipped.Steps[i].Text;
            if (!wanted.Exists(a => a.Id == id)) continue;
            var before = shipped.Steps.Take(i).Select(s => steps.IndexOf(s.Text)).DefaultIfEmpty(-1).Max();
            steps.Insert(before + 1, id);
        }
        return path with { Name = name, Description = description, Steps = [.. steps.Select(id => new YamlText(id, shipped.Node))] };
    }

    private static Texts TextsOf(string stored) => new(JsonSerializer.Deserialize<SortedDictionary<string, string>>(stored)!);
}
