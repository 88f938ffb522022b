using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using NodaTime;

namespace Laurel.App.Features.People;

/// <summary>The site as its page shows it, and what of it may still be changed.</summary>
public sealed record SiteState(string Name, string Zone, IsoDayOfWeek WeekStart, bool ZoneIsFixed, bool WeekStartIsFixed);

/// <summary>Teams and the site. Their ids are keys that files and activities name; only names change here.</summary>
public sealed class Organisation(Database database, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Null when done; otherwise what is wrong, as an English text that pages translate.</summary>
    public string? AddTeam(string? name, Actor actor)
    {
        name = name?.Trim() ?? "";
        if (name.Length is 0 or > 100) return Ui.Text("Type a name of up to 100 characters.");
        return database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            if (c.ExecuteScalar<long>("SELECT COUNT(*) FROM team WHERE name = @name", new { name }, t) > 0)
                return Ui.Text("There is a team of this name already.");
            var site = c.ExecuteScalar<long?>("SELECT MIN(key) FROM site", transaction: t);
            if (site is null) return Ui.Text("There is no site yet.");
            var id = FreeId(Slug(name), taken => c.ExecuteScalar<long>(
                "SELECT COUNT(*) FROM team WHERE id = @taken", new { taken }, t) > 0);
            c.Execute("INSERT INTO team (id, name, site) VALUES (@id, @name, @site)", new { id, name, site }, t);
            Audit.Write(c, t, actor, Now, "team.added", name, new Change("key", null, id));
            Rulebook.TouchFloor(c, t);
            return null;
        });
    }

    public string? RenameTeam(long key, string? name, Actor actor)
    {
        name = name?.Trim() ?? "";
        if (name.Length is 0 or > 100) return Ui.Text("Type a name of up to 100 characters.");
        return database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            if (c.ExecuteScalar<string?>("SELECT name FROM team WHERE key = @key", new { key }, t) is not { } before)
                return Ui.Text("There is no such team.");
            if (c.ExecuteScalar<long>("SELECT COUNT(*) FROM team WHERE name = @name AND key <> @key", new { name, key }, t) > 0)
                return Ui.Text("There is a team of this name already.");
            if (before == name) return null;
            c.Execute("UPDATE team SET name = @name WHERE key = @key", new { name, key }, t);
            Audit.Write(c, t, actor, Now, "team.changed", name, new Change("name", before, name));
            return null;
        });
    }

    public SiteState? Site()
    {
        using var c = database.Read();
        return Site(c, null);
    }

    /// <summary>
    /// The zone is fixed with the first activity, the week with the first award: workdays and weeks that were counted stay as they
    /// are.
    /// </summary>
    public IReadOnlyList<FieldProblem> ChangeSite(string? name, string? zone, string? weekStart, Actor actor) =>
        database.Write((c, t) => ChangeSite(c, t, name?.Trim() ?? "", zone?.Trim() ?? "", weekStart, actor));

    private List<FieldProblem> ChangeSite(DbConnection c, DbTransaction t, string name, string zone, string? weekStart, Actor actor)
    {
        Rulebook.Hold(c, t);
        List<FieldProblem> problems = [];
        if (Site(c, t) is not { } before) return [new("Name", Ui.Text("There is no site yet."))];
        if (name.Length is 0 or > 100) problems.Add(new("Name", Ui.Text("Type a name of up to 100 characters.")));
        var clock = SiteClock.Find(before.ZoneIsFixed ? before.Zone : zone);
        if (clock is null) problems.Add(new("Zone", Ui.Text("Choose a zone from the list, such as Europe/Vilnius.")));
        var week = before.WeekStart;
        if (!before.WeekStartIsFixed && !Enum.TryParse(weekStart, out week))
            problems.Add(new("WeekStart", Ui.Text("Choose the first day of the week.")));
        if (problems.Count > 0) return problems;
        c.Execute("UPDATE site SET name = @name, zone = @zone WHERE key = (SELECT MIN(key) FROM site)", new { name, zone = clock!.Zone.Id },
            t);
        // Nothing was decided yet, and another day may be the last one that is over there.
        if (clock.Zone.Id != before.Zone)
            c.Execute("UPDATE site SET closed_through = @closed WHERE key = (SELECT MIN(key) FROM site)",
                new { closed = CloseWorkdays.ClosedAt(clock, Now).Number }, t);
        c.Execute("INSERT INTO setting (name, value) VALUES ('week-start', @week) ON CONFLICT (name) DO UPDATE SET value = @week",
            new { week = week.ToString() }, t);
        Change[] changes =
        [
            new("name", before.Name, name), new("zone", before.Zone, clock.Zone.Id),
            new("week-start", before.WeekStart.ToString(), week.ToString()),
        ];
        if (changes.Any(x => x.IsReal)) Audit.Write(c, t, actor, Now, "site.changed", name, changes);
        Rulebook.TouchFloor(c, t);
        // Rules count by weeks.
        Rulebook.TouchRules(c, t);
        return [];
    }

    private static SiteState? Site(DbConnection c, DbTransaction? t)
    {
        var site = c.QueryFirstOrDefault<(string Name, string Zone)?>("SELECT name, zone FROM site ORDER BY key LIMIT 1", transaction: t);
        if (site is null) return null;
        var week = c.ExecuteScalar<string?>("SELECT value FROM setting WHERE name = 'week-start'", transaction: t);
        return new(site.Value.Name, site.Value.Zone, Enum.Parse<IsoDayOfWeek>(week ?? "Monday"), Any(c, t, "activity"), Any(c, t, "award"));
    }

    private static bool Any(DbConnection c, DbTransaction? t, string table) =>
        c.ExecuteScalar<long>($"SELECT COUNT(*) FROM (SELECT 1 FROM {table} LIMIT 1) any_one", transaction: t) > 0;

    /// <summary>"Klientų aptarnavimas" becomes klientu-aptarnavimas.</summary>
    internal static string Slug(string name)
    {
        var plain = name.Normalize(System.Text.NormalizationForm.FormD).ToLowerInvariant()
            .Where(l => System.Globalization.CharUnicodeInfo.GetUnicodeCategory(l) != System.Globalization.UnicodeCategory.NonSpacingMark)
            .Select(l => char.IsLetterOrDigit(l) ? l : '-');
        var slug = string.Join('-', new string([.. plain]).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return slug.Length > 0 ? slug : "team";
    }

    private static string FreeId(string wanted, Func<string, bool> isTaken)
    {
        var id = wanted;
        for (var n = 2; isTaken(id); n++) id = $"{wanted}-{n}";
        return id;
    }
}
