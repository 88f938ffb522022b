using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Achievements.Catalogue;
using Laurel.App.Features.SigningIn;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using NodaTime;

namespace Laurel.App.Features.SettingUp;

/// <summary>What the set-up page asks for.</summary>
public sealed class SetUpForm
{
    public string? Code { get; set; }
    public string? Name { get; set; }
    public string? Id { get; set; }
    public string? Password { get; set; }
    public string? Site { get; set; }
    public string? Zone { get; set; }
    public string? WeekStart { get; set; }

    /// <summary>Sets of the catalogue to begin with.</summary>
    public IReadOnlyList<string>? Sets { get; set; }
}

/// <summary>
/// The first run of an installation: until somebody can sign in, one page makes the administrator and the site. Who may fill it in is
/// whoever reads the log, where the code of this start stands.
/// </summary>
public sealed partial class FirstRun(Database database, AccountStore accounts, SignInLimits limits, InstallSets catalogue,
    TimeProvider time,
    DemoMode? demo = null)
{
    public static readonly IReadOnlyList<IsoDayOfWeek> WeekStarts = [IsoDayOfWeek.Monday, IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday];

    // In the demo one signs in without a password, so nothing is to be set up.
    private bool done = demo is not null;

    /// <summary>The page asks for no id; a setup file may give another until something has come in.</summary>
    public const string SiteId = "site";

    /// <summary>80 bits, new at each start; without letters that look alike.</summary>
    public string Code { get; } = string.Join('-', Enumerable.Range(0, 4)
        .Select(_ => RandomNumberGenerator.GetString("23456789ABCDEFGHJKMNPQRSTUVWXYZ", 4)));

    /// <summary>Asks the database until the answer is no, and never again.</summary>
    public bool IsNeeded => !done && !(done = accounts.AnybodyHasPassword());

    /// <summary>The machine's zone where it is one that people know; a server often has UTC.</summary>
    public static string LikelyZone => SiteClock.Find(TimeZoneInfo.Local.Id) is { Zone.Id: not ("UTC" or "Etc/UTC") } clock
        ? clock.Zone.Id : "";

    /// <summary>A site that a setup file has made already; its zone is not asked for again.</summary>
    public (string Name, string Zone)? ExistingSite()
    {
        using var connection = database.Read();
        return connection.Query<(string, string)>("SELECT name, zone FROM site ORDER BY key LIMIT 1")
            .Select(s => ((string, string)?)s).FirstOrDefault();
    }

    public bool HasAchievements()
    {
        using var connection = database.Read();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM achievement") > 0;
    }

    /// <summary>Null where there were too many wrong codes; an empty list when it is done.</summary>
    public IReadOnlyList<FieldProblem>? Complete(SetUpForm form)
    {
        if (!limits.MayTryCode()) return null;
        if (!CodeIsRight(form.Code))
            return [new(nameof(form.Code), Ui.Text("This is not the code of this start. Look at the end of the log."))];
        var site = ExistingSite();
        var problems = Problems(form, site is null).ToList();
        var known = Known(form.Id?.Trim() ?? "");
        if (known is not null && !string.Equals(known.Value.Name, form.Name?.Trim(), StringComparison.OrdinalIgnoreCase))
            problems.Add(new(nameof(form.Id),
                Ui.Text("Somebody has this sign-in name already. Choose another, or write that person's name if it is you.")));
        if (problems.Count > 0) return problems;
        var hash = Passwords.Hash(form.Password!);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var made = database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            if (c.ExecuteScalar<long>("SELECT COUNT(*) FROM credential WHERE password IS NOT NULL", transaction: t) > 0) return false;
            if (site is null)
            {
                var clock = SiteClock.Find(TypedZone.Find(form.Zone)!)!;
                c.Execute(
                    "INSERT INTO site (id, name, zone, closed_through) VALUES (@SiteId, @name, @zone, @closed)",
                    new { SiteId, name = form.Site!.Trim(), zone = clock.Zone.Id, closed = CloseWorkdays.ClosedAt(clock, now).Number }, t);
                c.Execute(
                    "INSERT INTO setting (name, value) VALUES ('week-start', @day) ON CONFLICT (name) DO UPDATE SET value = @day",
                    new { day = form.WeekStart }, t);
            }
            c.Execute(
                """
                INSERT INTO person (id, name, role, created_at) VALUES (@id, @name, 'admin', @now)
                ON CONFLICT (id) DO UPDATE SET role = 'admin', active = 1
                """,
                new { id = form.Id!.Trim(), name = form.Name!.Trim(), now }, t);
            var person = c.ExecuteScalar<long>("SELECT key FROM person WHERE id = @id", new { id = form.Id!.Trim() }, t);
            AccountStore.SetPassword(c, t, person, hash, mustChange: false);
            Rulebook.TouchFloor(c, t);
            var actor = new Actor(person, form.Name!.Trim(), Via.Web);
            Audit.Write(c, t, actor, now, "setup.completed", site?.Name ?? form.Site!.Trim(),
                new Change("zone", null, site?.Zone ?? TypedZone.Find(form.Zone)), new Change("administrator", null, form.Name),
                new Change("role", known?.Role, known is null ? null : "admin"));
            return true;
        });
        done = true;
        if (made) Install(form);
        return made ? [] : [new(nameof(form.Code), Ui.Text("Somebody else has just completed the set-up."))];
    }

    /// <summary>What cannot be installed here, beside what a setup file has made, is told on the page of the catalogue.</summary>
    private void Install(SetUpForm form)
    {
        if (Sets(form) is not { Count: > 0 } chosen) return;
        var admin = accounts.Find(form.Id!.Trim())!;
        foreach (var set in chosen) catalogue.Run(set, chosen: null, plan: false, new Actor(admin.Key, form.Name!.Trim(), Via.Web));
    }

    private static List<ShippedSet> Sets(SetUpForm form) =>
        [.. OfferedSets.Where(s => form.Sets?.Contains(s.Id, StringComparer.Ordinal) == true)];

    /// <summary>Of a new installation nobody sends anything yet, so that what waits for that is not asked about.</summary>
    public static IReadOnlyList<ShippedSet> OfferedSets { get; } = [.. ShippedSets.All.Where(s => !s.NeedsSent)];

    /// <summary>Whom a setup file, or an import, has made already.</summary>
    private (string Name, string Role)? Known(string id)
    {
        using var connection = database.Read();
        return connection.Query<(string, string)>("SELECT name, role FROM person WHERE id = @id", new { id })
            .Select(p => ((string, string)?)p).FirstOrDefault();
    }

    private bool CodeIsRight(string? typed)
    {
        // Read off a screen or a phone, with spaces, with other hyphens or with none.
        var plain = Letters(typed ?? "").ToUpperInvariant();
        // Over hashes: equal lengths, and the time says nothing about how much of it was right.
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(plain)),
            SHA256.HashData(Encoding.UTF8.GetBytes(Letters(Code))));
    }

    private static string Letters(string code) => string.Concat(code.Where(char.IsLetterOrDigit));

    private static IEnumerable<FieldProblem> Problems(SetUpForm form, bool asksForSite)
    {
        if (string.IsNullOrWhiteSpace(form.Name) || form.Name.Length > 100)
            yield return new(nameof(form.Name), Ui.Text("Type a name of up to 100 characters."));
        if (!SignInName().IsMatch(form.Id?.Trim() ?? ""))
            yield return new(nameof(form.Id), Ui.Text("Use letters, digits, dots, hyphens and underscores, up to 60 of them."));
        if (Passwords.Refusal(form.Password, form.Id) is { } refusal) yield return new(nameof(form.Password), refusal);
        if (!asksForSite) yield break;
        if (string.IsNullOrWhiteSpace(form.Site) || form.Site.Length > 100)
            yield return new(nameof(form.Site), Ui.Text("Type a name of up to 100 characters."));
        if (TypedZone.Find(form.Zone) is null)
            yield return new(nameof(form.Zone), Ui.Text("Choose a zone from the list, such as Europe/Vilnius."));
        if (!WeekStarts.Any(d => string.Equals(d.ToString(), form.WeekStart, StringComparison.Ordinal)))
            yield return new(nameof(form.WeekStart), Ui.Text("Choose the first day of the week."));
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._@-]{0,59}$", RegexOptions.None, 1000)]
    private static partial Regex SignInName();
}
