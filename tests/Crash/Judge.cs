using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Dapper;

namespace Laurel.Crash;

/// <summary>Compares what a Laurel that came back says with what was acknowledged, and its database with itself.</summary>
internal sealed class Judge(Place place, Ledger ledger, string key, TimeProvider time)
{
    /// <summary>What the setup file counts: each so many cases earn again; so many in all are the tiers.</summary>
    public const int Each = 7;
    public static readonly int[] Tiers = [10, 60, 200];

    /// <summary>How many activities count and wait.</summary>
    public async Task<(int Counting, int Held)> Activities(Uri node)
    {
        var from = time.GetUtcNow().AddDays(-40).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var to = time.GetUtcNow().AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var counting = await Kept(node, $"/api/v1/activities?from={from}&to={to}&");
        var held = await Kept(node, "/api/v1/activities/held?");
        if (ledger.Wrong(counting, held).Take(6).ToList() is { Count: > 0 } wrong) throw new Broken(string.Join("\n  ", wrong));
        Cases(counting.Values, await All(node, "/api/v1/awards?", "awards"));
        return (counting.Count, held.Count);
    }

    /// <summary>The database itself: no identity, award or notice twice, and a notice for each award that was ever made.</summary>
    public void Database()
    {
        using var database = place.Open();
        using var connection = database.Read();
        foreach (var (what, sql) in ((string, string)[])
        [
            ("activities twice", "SELECT count(*) FROM (SELECT source, id FROM activity GROUP BY source, id HAVING count(*) > 1) d"),
            ("awards twice", """
                SELECT count(*) FROM
                  (SELECT person FROM award GROUP BY achievement, tier, person, occasion HAVING count(*) > 1) d
                """),
            ("awards told twice", """
                SELECT count(*) FROM (SELECT award FROM notice WHERE award IS NOT NULL GROUP BY person, award HAVING count(*) > 1) d
                """),
            ("people who were not told of as many awards as they have", """
                SELECT count(*) FROM
                  (SELECT p.key, (SELECT count(*) FROM award a WHERE a.person = p.key) AS made,
                     (SELECT coalesce(sum(n.count), 0) FROM notice n WHERE n.person = p.key) AS told FROM person p) x
                WHERE made <> told
                """),
        ])
            if (connection.ExecuteScalar<long>(sql) is > 0 and var many) throw new Broken($"{many} {what}");
    }

    /// <summary>Does what is due and counts everything again, by the naive reference.</summary>
    public async Task<string> Verify()
    {
        using var verify = LaurelProcess.Verb(place, "verify");
        var exit = await verify.Ends();
        var last = verify.Said.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
        if (exit != 0) throw new Broken($"verify ended with {exit}:\n{verify.Said}");
        return last;
    }

    /// <summary>The plainest count of two rules, from what was compared with the ledger.</summary>
    private static void Cases(IEnumerable<Work> counting, List<JsonObject> awards)
    {
        var cases = counting.Where(w => w.Type == "case").CountBy(w => w.Person!).ToDictionary();
        var held = awards.Where(a => !a["flagged"]!.GetValue<bool>())
            .CountBy(a => (Rule: a["achievement"]!.GetValue<string>(), Person: a["person"]!.GetValue<string>())).ToDictionary();
        foreach (var (person, number) in cases)
        {
            var (each, tiers) = (held.GetValueOrDefault(("each", person)), held.GetValueOrDefault(("cases-in-all", person)));
            if (each != number / Each) throw new Broken($"{person} has {number} cases and {each} awards for each {Each}");
            if (tiers != Tiers.Count(t => number >= t)) throw new Broken($"{person} has {number} cases and {tiers} tiers");
        }
    }

    private async Task<Dictionary<(string, string), Work>> Kept(Uri node, string list)
    {
        var kept = new Dictionary<(string, string), Work>();
        foreach (var a in await All(node, list, "activities"))
        {
            var work = new Work(
                a["source"]!.GetValue<string>(), a["id"]!.GetValue<string>(), a["version"]!.GetValue<int>(), false,
                a["type"]!.GetValue<string>(), a["person"]?.GetValue<string>(),
                a["time"]!.GetValue<DateTimeOffset>().ToUnixTimeMilliseconds(),
                (int?)a["measures"]?["talk"]?.GetValue<decimal>() ?? 0, a["labels"]?["kind"]?.GetValue<string>() ?? "");
            if (!kept.TryAdd((work.Source, work.Id), work)) throw new Broken($"{work.Source} {work.Id} is there twice");
        }
        return kept;
    }

    private async Task<List<JsonObject>> All(Uri node, string list, string member)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var all = new List<JsonObject>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = JsonNode.Parse(await http.GetStringAsync(
                new Uri(node, $"{list}limit=1000{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}")))!.AsObject();
            all.AddRange(page[member]!.AsArray().Select(item => item!.AsObject()));
            cursor = page["next"]?.GetValue<string>();
            if (page[member]!.AsArray().Count == 0) break;
        }
        return all;
    }
}
