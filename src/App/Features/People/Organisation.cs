using System.Data.Common;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using NodaTime;

namespace Laurel.App.Features.People;

/// <summary>A site as its page shows it, and whether its zone may still be changed.</summary>
/// <param name="IsOwn">The installation's own.</param>
public sealed record SiteState(long Key, string Id, string Name, string Zone, bool IsOwn, bool ZoneIsFixed);

public sealed record WeekState(IsoDayOfWeek Start, bool IsFixed);

/// <summary>Teams and sites. Their ids are keys that files and activities name; they do not change here.</summary>
public sealed class Organisation(Database database, CatalogueStore catalogue, BatchWriter writer, Intake intake, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Null when done; otherwise what is wrong, as an English text that pages translate.</summary>
    /// <param name="site">Id of its site; the installation's own where there is none.</param>
    public string? AddTeam(string? name, string? site, Actor actor)
    {
        name = name?.Trim() ?? "";
        if (name.Length is 0 or > 100) return Ui.Text("Type a name of up to 100 characters.");
        return database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            if (c.ExecuteScalar<long>("SELECT COUNT(*) FROM team WHERE name = @name", new { name }, t) > 0)
                return Ui.Text("There is a team of this name already.");
            var sites = SiteStore.All(c, t);
            if (sites.Count == 0) return Ui.Text("There is no site yet.");
            if ((string.IsNullOrEmpty(site) ? sites[0] : sites.FirstOrDefault(s => s.Id == site)) is not { } home)
                return Ui.Text("There is no such site.");
            var id = FreeId(Slug(name, "team"), taken => c.ExecuteScalar<long>(
                "SELECT COUNT(*) FROM team WHERE id = @taken", new { taken }, t) > 0);
            c.Execute("INSERT INTO team (id, name, site) VALUES (@id, @name, @site)", new { id, name, site = home.Key }, t);
            Audit.Write(c, t, actor, Now, "team.added", name, new Change("key", null, id),
                new Change("site", null, sites.Count > 1 ? home.Name : null));
            Rulebook.TouchFloor(c, t);
            return null;
        });
    }

    /// <summary>Another name, or another site: work of the team that no person did is then counted by that one's days.</summary>
    public string? ChangeTeam(long key, string? name, string? site, Actor actor)
    {
        name = name?.Trim() ?? "";
        if (name.Length is 0 or > 100) return Ui.Text("Type a name of up to 100 characters.");
        var moved = BatchOutcome.Nothing;
        var wrong = database.Write((c, t) =>
        {
            moved = BatchOutcome.Nothing;
            Rulebook.Hold(c, t);
            var known = c.QueryFirstOrDefault<(string Name, long Site)?>("SELECT name, site FROM team WHERE key = @key", new { key }, t);
            if (known is not var (nameBefore, siteBefore)) return Ui.Text("There is no such team.");
            if (c.ExecuteScalar<long>("SELECT COUNT(*) FROM team WHERE name = @name AND key <> @key", new { name, key }, t) > 0)
                return Ui.Text("There is a team of this name already.");
            var sites = SiteStore.All(c, t);
            var before = sites.First(s => s.Key == siteBefore);
            if ((string.IsNullOrEmpty(site) ? before : sites.FirstOrDefault(s => s.Id == site)) is not { } now)
                return Ui.Text("There is no such site.");
            Change[] changes = [new("name", nameBefore, name), new("site", before.Name, now.Name)];
            if (!changes.Any(x => x.IsReal)) return null;
            var floor = catalogue.Current(c, t).Floor;
            c.Execute("UPDATE team SET name = @name, site = @site WHERE key = @key", new { name, key, site = now.Key }, t);
            Audit.Write(c, t, actor, Now, "team.changed", name, changes);
            Rulebook.TouchFloor(c, t);
            if (now.Key != siteBefore) moved = writer.Move(c, t, new(floor, new Dictionary<PersonKey, Workday>(), [key]));
            return null;
        });
        intake.Tell(moved);
        return wrong;
    }

    public IReadOnlyList<SiteState> Sites()
    {
        using var c = database.Read();
        var sites = SiteStore.All(c);
        return [.. sites.Select(s => new SiteState(s.Key, s.Id, s.Name, s.Zone, s == sites[0], SiteStore.IsZoneFixed(c, null, s.Key)))];
    }

    public WeekState Week()
    {
        using var c = database.Read();
        return Week(c, null);
    }

    public IReadOnlyList<FieldProblem> AddSite(string? name, string? zone, Actor actor)
    {
        var problems = Problems(ref name, zone, out var clock);
        if (problems.Count > 0) return problems;
        return database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            var sites = SiteStore.All(c, t);
            if (IsTaken(sites, name!)) return (IReadOnlyList<FieldProblem>)[SameName];
            var id = FreeId(Slug(name!, "site"), taken => sites.Any(s => s.Id == taken));
            SiteStore.Add(c, t, id, name!, clock!, SiteStore.ClosedEverywhere(c, t, Now), Now);
            Audit.Write(c, t, actor, Now, "site.added", name!, new Change("key", null, id), new Change("zone", null, clock!.Zone.Id));
            Rulebook.TouchFloor(c, t);
            return [];
        });
    }

    /// <summary>The zone is fixed with the first activity: workdays that were counted stay as they are.</summary>
    public IReadOnlyList<FieldProblem> ChangeSite(long key, string? name, string? zone, Actor actor) => database.Write((c, t) =>
    {
        Rulebook.Hold(c, t);
        var sites = SiteStore.All(c, t);
        if (sites.FirstOrDefault(s => s.Key == key) is not { } before)
            return (IReadOnlyList<FieldProblem>)[new("Name", Ui.Text("There is no such site."))];
        var problems = Problems(ref name, SiteStore.IsZoneFixed(c, t, key) ? before.Zone : zone, out var clock);
        if (IsTaken(sites.Where(s => s.Key != key), name!)) problems.Add(SameName);
        if (problems.Count > 0) return problems;
        SiteStore.Change(c, t, before, name!, clock!, Now);
        Change[] changes = [new("name", before.Name, name), new("zone", before.Zone, clock!.Zone.Id)];
        if (changes.Any(x => x.IsReal)) Audit.Write(c, t, actor, Now, "site.changed", name!, changes);
        Rulebook.TouchFloor(c, t);
        return [];
    });

    /// <summary>Weeks that were counted stay as they are: fixed with the first award. Null when done.</summary>
    public string? ChangeWeek(string? start, Actor actor) => database.Write((c, t) =>
    {
        Rulebook.Hold(c, t);
        var before = Week(c, t);
        if (before.IsFixed) return null;
        if (!Enum.TryParse<IsoDayOfWeek>(start, out var week) || week == IsoDayOfWeek.None)
            return Ui.Text("Choose the first day of the week.");
        c.Execute("INSERT INTO setting (name, value) VALUES ('week-start', @week) ON CONFLICT (name) DO UPDATE SET value = @week",
            new { week = week.ToString() }, t);
        var change = new Change("week-start", before.Start.ToString(), week.ToString());
        if (change.IsReal) Audit.Write(c, t, actor, Now, "setting.changed", "week-start", change);
        // Rules count by weeks.
        Rulebook.TouchRules(c, t);
        return null;
    });

    private static readonly FieldProblem SameName = new("Name", Ui.Text("There is a site of this name already."));

    private static bool IsTaken(IEnumerable<SiteRow> sites, string name) =>
        sites.Any(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));

    private static List<FieldProblem> Problems(ref string? name, string? zone, out SiteClock? clock)
    {
        List<FieldProblem> problems = [];
        name = name?.Trim() ?? "";
        if (name.Length is 0 or > 100) problems.Add(new("Name", Ui.Text("Type a name of up to 100 characters.")));
        clock = TypedZone.Find(zone) is { } found ? SiteClock.Find(found) : null;
        if (clock is null) problems.Add(new("Zone", Ui.Text("Choose a zone from the list, such as Europe/Vilnius.")));
        return problems;
    }

    private static WeekState Week(DbConnection c, DbTransaction? t) => new(
        Enum.Parse<IsoDayOfWeek>(
            c.ExecuteScalar<string?>("SELECT value FROM setting WHERE name = 'week-start'", transaction: t) ?? "Monday"),
        c.ExecuteScalar<long>("SELECT COUNT(*) FROM (SELECT 1 FROM award LIMIT 1) any_one", transaction: t) > 0);

    /// <summary>"Klientų aptarnavimas" becomes klientu-aptarnavimas.</summary>
    internal static string Slug(string name, string otherwise)
    {
        var plain = name.Normalize(System.Text.NormalizationForm.FormD).ToLowerInvariant()
            .Where(l => System.Globalization.CharUnicodeInfo.GetUnicodeCategory(l) != System.Globalization.UnicodeCategory.NonSpacingMark)
            .Select(l => char.IsLetterOrDigit(l) ? l : '-');
        var slug = string.Join('-', new string([.. plain]).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return slug.Length > 0 ? slug : otherwise;
    }

    internal static string FreeId(string wanted, Func<string, bool> isTaken)
    {
        var id = wanted;
        for (var n = 2; isTaken(id); n++) id = $"{wanted}-{n}";
        return id;
    }
}
