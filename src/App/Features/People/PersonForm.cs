using System.Text.RegularExpressions;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Activities;

namespace Laurel.App.Features.People;

/// <summary>What the form of a person holds, as typed.</summary>
public sealed partial class PersonForm
{
    public string? Name { get; set; }
    /// <summary>The key by which activities name the person; fixed once the person is there.</summary>
    public string? Id { get; set; }
    public string? Email { get; set; }
    public string? Role { get; set; }
    /// <summary>Id of the team, or nothing.</summary>
    public string? Team { get; set; }
    /// <summary>First workday in a team that is new to the person, as yyyy-MM-dd; today when not said.</summary>
    public string? From { get; set; }
    /// <summary>Id of the site; nothing where there is but one, or the team's is meant.</summary>
    public string? Site { get; set; }
    /// <summary>First workday at a site that is new to the person, as yyyy-MM-dd; today when not said.</summary>
    public string? SiteFrom { get; set; }
    public bool Active { get; set; }
    /// <summary>Ids of all groups that the person is in; null where the form does not say.</summary>
    public List<string>? Groups { get; set; }
    /// <summary>First workday in other groups than those that were known, as yyyy-MM-dd; today when not said.</summary>
    public string? GroupsFrom { get; set; }
    /// <summary>Id of the division, or nothing for none; null where the form does not say.</summary>
    public string? Division { get; set; }
    /// <summary>First workday in another division than was known, as yyyy-MM-dd; today when not said.</summary>
    public string? DivisionFrom { get; set; }
    /// <summary>Ids of teams beside the own one whose people a leader sees.</summary>
    public List<string>? Leads { get; set; }

    /// <summary>What can be said without looking anything up.</summary>
    /// <param name="isAwaited">Activities wait for somebody of this very key.</param>
    public IEnumerable<FieldProblem> Problems(bool isNew, bool isAwaited)
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 100)
            yield return new(nameof(Name), Ui.Text("Type a name of up to 100 characters."));
        if (isNew && !IsKey((isAwaited ? Id : Id?.Trim()) ?? ""))
            yield return new(nameof(Id), Ui.Text("A key has 1 to 200 characters."));
        // Somebody for whom work waits is called as that work says; who is here already keeps the key.
        else if (isNew && !isAwaited && Id!.Trim().Any(c => c is '/' || char.IsWhiteSpace(c) || char.IsControl(c)))
            yield return new(nameof(Id), Ui.Text("A key has no spaces and no slashes."));
        if (!string.IsNullOrWhiteSpace(Email) && !IsEmail(Email))
            yield return new(nameof(Email), Ui.Text("This is not an email address."));
        if (string.IsNullOrWhiteSpace(Role)) yield return new(nameof(Role), Ui.Text("Choose a role."));
    }

    /// <summary>
    /// Whatever an activity may call somebody: 1 to 200 characters. Pages, the command line and setup files take the same, so that a
    /// person whom an import or waiting activities made can be written into a file and read back.
    /// </summary>
    public static bool IsKey(string text) =>
        text.Length is > 0 and <= LongestKey && !text.Contains('\0', StringComparison.Ordinal) && !ExternalIdentity.IsOne(text);

    public const int LongestKey = CloudEventReader.MaximumKey;
    public static bool IsEmail(string text) => text.Length <= 200 && Address().IsMatch(text.Trim());

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+\.[^@\s]+$", RegexOptions.None, 1000)]
    private static partial Regex Address();
}
