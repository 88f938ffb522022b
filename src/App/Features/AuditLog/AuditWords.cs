using System.Collections.Frozen;
using System.Text.Json;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Localisation;

namespace Laurel.App.Features.AuditLog;

/// <summary>Actions and fields in words; what is not known here is shown as it was written.</summary>
public static class AuditWords
{
    private static readonly FrozenDictionary<string, string> Actions = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["setup.completed"] = Ui.Text("Set Laurel up"),
        ["person.added"] = Ui.Text("Added a person"),
        ["person.changed"] = Ui.Text("Changed a person"),
        ["person.unlocked"] = Ui.Text("Unlocked"),
        ["person.photo-set"] = Ui.Text("Set the photo of"),
        ["person.photo-removed"] = Ui.Text("Removed the photo of"),
        ["person.bio-removed"] = Ui.Text("Removed the words about themselves of"),
        ["password.changed"] = Ui.Text("Changed the own password"),
        ["password.reset"] = Ui.Text("Made a new password for"),
        ["team.added"] = Ui.Text("Added a team"),
        ["team.changed"] = Ui.Text("Changed a team"),
        ["group.added"] = Ui.Text("Added a group"),
        ["group.changed"] = Ui.Text("Changed a group"),
        ["group.joined"] = Ui.Text("Put people into a group"),
        ["group.left"] = Ui.Text("Took people out of a group"),
        ["site.added"] = Ui.Text("Added a site"),
        ["site.changed"] = Ui.Text("Changed a site"),
        ["setting.changed"] = Ui.Text("Changed a setting"),
        ["key.created"] = Ui.Text("Made an API key"),
        ["key.revoked"] = Ui.Text("Revoked an API key"),
        ["activity-type.added"] = Ui.Text("Declared an activity type"),
        ["activity-type.changed"] = Ui.Text("Changed an activity type"),
        ["status.added"] = Ui.Text("Added a status"),
        ["status.changed"] = Ui.Text("Changed a status"),
        ["project.added"] = Ui.Text("Added a project"),
        ["project.changed"] = Ui.Text("Changed a project"),
        ["metric.added"] = Ui.Text("Added a metric"),
        ["metric.changed"] = Ui.Text("Changed a metric"),
        ["achievement.added"] = Ui.Text("Added an achievement"),
        ["achievement.changed"] = Ui.Text("Changed an achievement"),
        ["achievement.enabled"] = Ui.Text("Enabled an achievement"),
        ["achievement.disabled"] = Ui.Text("Disabled an achievement"),
        ["achievement.live"] = Ui.Text("Took an achievement live after its test"),
        ["recalculation.run"] = Ui.Text("Ran a recalculation"),
        ["recalculation.done"] = Ui.Text("Recalculated a range"),
        ["achievement.moved"] = Ui.Text("Moved an achievement in the order"),
        ["path.added"] = Ui.Text("Added a path"),
        ["path.changed"] = Ui.Text("Changed a path"),
        ["path.moved"] = Ui.Text("Moved a path in the order"),
        ["held.counted"] = Ui.Text("Counted held activities for somebody else"),
        ["identity.linked"] = Ui.Text("Linked an external identity"),
        ["identity.unlinked"] = Ui.Text("Unlinked an external identity"),
        ["identity.ignored"] = Ui.Text("Ignored an external identity"),
        ["identity.added"] = Ui.Text("Linked an external identity"),
        ["identity.changed"] = Ui.Text("Linked an external identity otherwise"),
        ["import.begun"] = Ui.Text("Began an import"),
        ["import.ended"] = Ui.Text("Ended an import"),
        ["path.added"] = Ui.Text("Added a path"),
        ["path.changed"] = Ui.Text("Changed a path"),
        ["import.undone"] = Ui.Text("Took an import back"),
        ["held.dropped"] = Ui.Text("Dropped held activities"),
        ["goal.set"] = Ui.Text("Set a goal"),
        ["goal.proposed"] = Ui.Text("Proposed a goal"),
        ["goal.changed"] = Ui.Text("Changed a goal"),
        ["goal.accepted"] = Ui.Text("Agreed to a goal"),
        ["goal.closed"] = Ui.Text("Closed a goal"),
        ["division.added"] = Ui.Text("Added a division"),
        ["division.changed"] = Ui.Text("Changed a division"),
        ["division.joined"] = Ui.Text("Put people into a division"),
        ["division.left"] = Ui.Text("Took people out of a division"),
        ["role.added"] = Ui.Text("Made a role"),
        ["role.changed"] = Ui.Text("Changed a role"),
        ["award.made"] = Ui.Text("Awarded by hand"),
        ["award.revoked"] = Ui.Text("Revoked a badge"),
        ["award.restored"] = Ui.Text("Gave a badge back"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Fields = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["name"] = Ui.Text("Name"), ["key"] = Ui.Text("Key"), ["email"] = Ui.Text("Email"), ["role"] = Ui.Text("Role"),
        ["team"] = Ui.Text("Team"), ["site"] = Ui.Text("Site"), ["site-from"] = Ui.Text("At the site from"),
        ["from"] = Ui.Text("From"), ["active"] = Ui.Text("Active"), ["leads"] = Ui.Text("Also leads"), ["zone"] = Ui.Text("Time zone"),
        ["week-start"] = Ui.Text("A week starts on"), ["scopes"] = Ui.Text("May"), ["administrator"] = Ui.Text("Administrator"),
        ["invented"] = Ui.Text("Invented"), ["definition"] = Ui.Text("Definition"), ["reason"] = Ui.Text("Reason"),
        ["judged by"] = Ui.Text("Judged by"), ["range"] = Ui.Text("Days of the range"), ["gained"] = Ui.Text("Gained"),
        ["flags"] = Ui.Text("Flagged (several)"), ["flags taken away"] = Ui.Text("Hold again"),
        ["moved"] = Ui.Text("Of another moment or value"),
        ["enabled"] = Ui.Text("Enabled"), ["rule"] = Ui.Text("Rule"), ["words"] = Ui.Text("Names of measures and labels"),
        ["state"] = Ui.Text("State"), ["note"] = Ui.Text("Note"), ["until"] = Ui.Text("Off from"),
        ["activities"] = Ui.Text("Activities"), ["sources"] = Ui.Text("Sources"), ["counted-for"] = Ui.Text("Counted for"),
        ["linked-to"] = Ui.Text("Linked to"),
        ["begun-by"] = Ui.Text("Begun by"), ["accepted"] = Ui.Text("Accepted"), ["duplicate"] = Ui.Text("Duplicate"),
        ["held"] = Ui.Text("Held"),
        ["rejected"] = Ui.Text("Rejected"), ["area"] = Ui.Text("Area"), ["badge"] = Ui.Text("Badge"),
        ["audience"] = Ui.Text("Who can earn it"), ["description"] = Ui.Text("Description"), ["history"] = Ui.Text("History"),
        ["steps"] = Ui.Text("Steps"), ["visibility"] = Ui.Text("Visibility"),
        ["retention"] = Ui.Text("It stays"), ["tone"] = Ui.Text("Tone"), ["coins"] = Ui.Text("Coins"),
        ["test"] = Ui.Text("In test"), ["computed"] = Ui.Text("What was computed"),
        ["negative-badges"] = Ui.Text("Negative badges"),
        ["archived"] = Ui.Text("Archived"), ["groups"] = Ui.Text("Groups"), ["people"] = Ui.Text("People"),
        ["groups-from"] = Ui.Text("In these groups from"),
        ["division"] = Ui.Text("Division"), ["division-from"] = Ui.Text("In the division from"),
        ["base"] = Ui.Text("Made from"),
        ["position"] = Ui.Text("Place"), ["horizon"] = Ui.Text("Activities are kept from"),
        ["service"] = Ui.Text("Service"), ["sales"] = Ui.Text("Sales"), ["feedback"] = Ui.Text("Feedback"),
        ["coaching"] = Ui.Text("Coaching"), ["quality"] = Ui.Text("Quality"), ["learning"] = Ui.Text("Learning"),
        ["engagement"] = Ui.Text("Engagement"), ["areas"] = Ui.Text("Product areas"),
        ["smallest-group"] = Ui.Text("Smallest group in reports without names"),
        ["colleagues-badges"] = Ui.Text("Who sees colleagues' badges"),
        ["mail-host"] = Ui.Text("Mail server"), ["mail-port"] = Ui.Text("Port"), ["mail-starttls"] = Ui.Text("Only encrypted (STARTTLS)"),
        ["mail-user"] = Ui.Text("User"), ["mail-password"] = Ui.Text("Password"), ["mail-sender"] = Ui.Text("Name of the sender"),
        ["mail-from"] = Ui.Text("Address of the sender"), ["mail-site"] = Ui.Text("Address of Laurel"),
        ["mail-postal"] = Ui.Text("Postal address"), ["mail"] = Ui.Text("Mail"),
        ["target"] = Ui.Text("Target"), ["counts"] = Ui.Text("Counts as"),
        ["longest-hours"] = Ui.Text("Hours that a status holds at most"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>First parts of actions, and the word for each.</summary>
    public static readonly IReadOnlyList<(string Area, string Text)> Areas =
    [
        ("person", Ui.Text("People")), ("password", Ui.Text("Passwords")), ("team", Ui.Text("Teams")), ("group", Ui.Text("Groups")),
        ("division", Ui.Text("Divisions")),
        ("role", Ui.Text("Roles")),
        ("site", Ui.Text("Sites")),
        ("key", Ui.Text("API keys")), ("metric", Ui.Text("Metrics")), ("achievement", Ui.Text("Achievements")),
        ("path", Ui.Text("Paths")), ("award", Ui.Text("Awards")), ("goal", Ui.Text("Goals")), ("held", Ui.Text("Held activities")),
        ("identity", Ui.Text("External identities")),
        ("project", Ui.Text("Projects")),
        ("import", Ui.Text("Imports")),
    ];

    /// <summary>Values that are written as codes, by the field; all else is somebody's own words.</summary>
    private static readonly FrozenDictionary<string, FrozenDictionary<string, string>> Codes =
        new Dictionary<string, FrozenDictionary<string, string>>(StringComparer.Ordinal)
        {
            ["enabled"] = YesOrNo(), ["archived"] = YesOrNo(), ["active"] = YesOrNo(), ["invented"] = YesOrNo(),
            ["state"] = Words(("earned", Ui.Text("Earned")), ("revoked", Ui.Text("Revoked"))),
            ["role"] = Words([.. Roles.All.Select(role => (role.Id(), role.Title()))]),
            ["base"] = Words([.. Roles.All.Select(role => (role.Id(), role.Title()))]),
            ["week-start"] = Words(
                ("Monday", Ui.Text("Monday")), ("Tuesday", Ui.Text("Tuesday")), ("Wednesday", Ui.Text("Wednesday")),
                ("Thursday", Ui.Text("Thursday")), ("Friday", Ui.Text("Friday")), ("Saturday", Ui.Text("Saturday")),
                ("Sunday", Ui.Text("Sunday"))),
            ["colleagues-badges"] = Words(
                ("nobody", Ui.Text("Nobody")), ("own-team", Ui.Text("Own team")), ("all", Ui.Text("Everybody"))),
            ["retention"] = Words(("permanent", Ui.Text("For good")), ("holder", Ui.Text("With the latest winner")),
                ("period", Ui.Text("For its period"))),
            ["visibility"] = Words(("shown", Ui.Text("Shown")), ("hidden", Ui.Text("Hidden until earned")),
                ("previous", Ui.Text("Hidden until the one before it is earned"))),
            ["history"] = Words(("all", Ui.Text("All history")), ("enabling", Ui.Text("From enabling"))),
            ["area"] = Words(("service", Ui.Text("Service")), ("sales", Ui.Text("Sales")), ("feedback", Ui.Text("Feedback")),
                ("coaching", Ui.Text("Coaching")), ("quality", Ui.Text("Quality")), ("learning", Ui.Text("Learning")),
                ("engagement", Ui.Text("Engagement"))),
            ["service"] = OnOrOff(), ["sales"] = OnOrOff(), ["feedback"] = OnOrOff(), ["coaching"] = OnOrOff(), ["quality"] = OnOrOff(),
            ["learning"] = OnOrOff(), ["engagement"] = OnOrOff(),
            ["test"] = YesOrNo(), ["computed"] = Words(("kept", Ui.Text("kept")), ("dropped", Ui.Text("dropped"))),
            ["tone"] = Words(("positive", Ui.Text("Positive")), ("playful", Ui.Text("Playful")), ("negative", Ui.Text("Negative"))),
            ["negative-badges"] = Words(("private", Ui.Text("Only their holder and the leader see them.")),
                ("shown", Ui.Text("Colleagues see them like all others."))),
            ["mail-starttls"] = YesOrNo(),
            ["mail-password"] = Words(
                ("none", Ui.Text("none is kept")), ("set", Ui.Text("one is kept")), ("replaced", Ui.Text("another one is kept"))),
            ["from"] = Words(("the beginning", Ui.Text("the beginning"))),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private static FrozenDictionary<string, string> OnOrOff() => Words(("on", Ui.Text("On")), ("off", Ui.Text("Off")));

    private static FrozenDictionary<string, string> YesOrNo() => Words(("yes", Ui.Text("yes")), ("no", Ui.Text("no")));

    private static FrozenDictionary<string, string> Words(params (string Code, string Text)[] words) =>
        words.ToFrozenDictionary(w => w.Code, w => w.Text, StringComparer.Ordinal);

    /// <summary>The English text of a value that is a code, for translation; null for any other.</summary>
    public static string? Code(string field, string value) => Permissions.Known.Contains(field)
        ? Reaches.Find(value)?.Title() ?? YesOrNo().GetValueOrDefault(value)
        : Codes.GetValueOrDefault(field)?.GetValueOrDefault(value);

    public static string Action(string action) => Actions.GetValueOrDefault(action, action);

    /// <summary>Also a permission, of a role that changed.</summary>
    public static string Field(string field) =>
        Fields.GetValueOrDefault(field) ?? (Permissions.Known.Contains(field) ? PermissionWords.Of(field) : field);

    /// <summary>An icon of the sprite.</summary>
    public static string Icon(string action) => action.Split('.')[0] switch
    {
        "person" => "user",
        "password" => "lock-simple",
        "team" or "group" or "division" => "users-three",
        "role" => "shield-check",
        "site" or "setup" or "setting" => "gear-six",
        "key" => "key",
        "held" => "clock",
        "import" => "upload-simple",
        "identity" => "link",
        "project" => "briefcase",
        "metric" or "activity-type" => "ruler",
        "status" => "clock",
        "achievement" => "medal",
        "path" => "path",
        "goal" => "target",
        "award" => action.EndsWith("revoked", StringComparison.Ordinal) ? "prohibit" : "trophy",
        _ => "sliders-horizontal",
    };

    /// <summary>Values in the words of a setup file.</summary>
    public static bool IsWritten(string field) => field is "rule" or "definition" or "audience";

    /// <summary>Definitions are folded away.</summary>
    public static bool IsLong(string? value) => value is not null && Value(value).Length > 80
        || value is ['{', ..] && Value(value) == value;

    /// <summary>Of a text in several languages the reader's; all else as it is.</summary>
    public static string Value(string value)
    {
        if (value is not ['{', ..]) return value;
        try
        {
            using var json = JsonDocument.Parse(value);
            return (json.RootElement.TryGetProperty(Language.Current.Code, out var text) || json.RootElement.TryGetProperty("en", out text))
                && text.ValueKind == JsonValueKind.String ? text.GetString()! : value;
        }
        catch (JsonException)
        {
            return value;
        }
    }

    public static string Via(string via) => via switch
    {
        "web" => Ui.Text("Web"),
        "api" => "API",
        "cli" => Ui.Text("Command line"),
        "file" => Ui.Text("File"),
        _ => Ui.Text("System"),
    };
}
