using System.Text.Json;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Settings;

/// <summary>
/// Rules that name a metric go over to its new version from the next workday on, whether the file names them or not; and what is archived
/// is used by nothing that is on.
/// </summary>
internal sealed class FollowMetrics(Agreement agreement, ApplyMetrics metrics, SiteClock clock)
{
    private sealed record User(string Id, Rule Rule, bool IsOn);

    public void Run()
    {
        GoOver();
        Check();
    }

    private void GoOver()
    {
        if (metrics.Redefined.Count == 0) return;
        var versions = Versions();
        var newest = versions.Values.GroupBy(v => v.Id, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.MaxBy(v => v.Version).Key, StringComparer.Ordinal);
        var now = agreement.Now;
        foreach (var user in Users().Where(u => u.Rule.Metrics.Any(m => versions.TryGetValue(m.Value, out var of)
            && metrics.Redefined.Contains(of.Id) && newest[of.Id] != m.Value)).ToList())
        {
            // Written and read again it names the metric, and so its newest version, with all that is checked of a rule.
            var problems = new YamlProblems("setup.yaml");
            var text = new SetupWriter(agreement.Connection, agreement.Transaction, now).Write(user.Id)!;
            if (new SetupReader(problems).Read(text) is { } setup)
            {
                setup = setup with { Achievements = [.. setup.Achievements.Select(a => a with { LeavesSwitch = true, Test = null })] };
                new ApplyAchievements(agreement with { Problems = problems, Setup = setup }, metrics, clock).Run();
            }
            foreach (var problem in problems.InOrder())
                agreement.Problems.Add(Of(versions, user.Rule), $"'{user.Id}' counts by it and cannot go over to it: {problem.Message}");
        }
    }

    private void Check()
    {
        var archived = agreement.Connection.Query<string>("SELECT DISTINCT id FROM metric WHERE archived = 1 AND hidden = 0",
            transaction: agreement.Transaction).ToHashSet(StringComparer.Ordinal);
        if (archived.Count == 0) return;
        var versions = Versions();
        var on = Users().Where(u => u.IsOn).ToList();
        foreach (var metric in archived)
        {
            var users = on.Where(u => u.Rule.Names(metric)
                || u.Rule.Metrics.Any(m => versions.TryGetValue(m.Value, out var of) && of.Id == metric)).Select(u => u.Id).ToList();
            var ratios = Newest().Where(m => !archived.Contains(m.Id) && m.Ratio is { } ratio
                && (ratio.Numerator.Id == metric || ratio.Denominator.Id == metric)).Select(m => m.Id).ToList();
            if (users.Count + ratios.Count == 0) continue;
            if (agreement.Setup.Metrics.FirstOrDefault(m => m.Metric.Id == metric) is { } setup)
            {
                if (users.Count > 0)
                    agreement.Problems.Add(setup.Node,
                        $"'{metric}' cannot be archived while achievements that are on count by it: {string.Join(", ", users)}");
                if (ratios.Count > 0)
                    agreement.Problems.Add(setup.Node,
                        $"'{metric}' cannot be archived while ratios that are not are made of it: {string.Join(", ", ratios)}");
            }
            foreach (var user in agreement.Setup.Achievements.Where(a => users.Contains(a.Id)))
                agreement.Problems.Add(user.Node, $"metric '{metric}' is archived: bring it back first");
            foreach (var ratio in agreement.Setup.Metrics.Where(m => ratios.Contains(m.Metric.Id)))
                agreement.Problems.Add(ratio.Node, $"metric '{metric}' is archived: bring it back first");
        }
    }

    private YamlNode Of(Dictionary<long, (long Key, string Id, long Version)> versions, Rule rule) =>
        (agreement.Setup.Metrics.FirstOrDefault(s => rule.Metrics.Any(m => versions[m.Value].Id == s.Metric.Id))
            ?? agreement.Setup.Metrics[0]).Node;

    private IEnumerable<Metric> Newest() => agreement.Connection.Query<string>(
        "SELECT definition FROM metric m WHERE hidden = 0 AND version = (SELECT max(version) FROM metric WHERE id = m.id)",
        transaction: agreement.Transaction).Select(text => JsonSerializer.Deserialize<Metric>(text, CatalogueStore.Json)!);

    private Dictionary<long, (long Key, string Id, long Version)> Versions() =>
        agreement.Connection.Query<(long Key, string Id, long Version)>(
            "SELECT key, id, version FROM metric WHERE hidden = 0", transaction: agreement.Transaction).ToDictionary(v => v.Key);

    /// <summary>Achievements by the newest version of their rule.</summary>
    private IEnumerable<User> Users() => agreement.Connection.Query<(string Id, string Rule, long On)>(
        """
        SELECT a.id, v.rule, CASE WHEN a.waiting = 1 OR EXISTS (
          SELECT 1 FROM achievement_span s WHERE s.achievement = a.key AND s.until IS NULL) THEN 1 ELSE 0 END
        FROM achievement a JOIN achievement_version v ON v.achievement = a.key
        WHERE v.number = (SELECT max(number) FROM achievement_version WHERE achievement = a.key) ORDER BY a.position, a.key
        """, transaction: agreement.Transaction)
        .Select(a => new User(a.Id, JsonSerializer.Deserialize<Rule>(a.Rule, CatalogueStore.Json)!, a.On != 0));
}
