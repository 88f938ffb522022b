using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Localisation;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>A field that is saved otherwise than the form has it, in the words of the form.</summary>
public sealed record FormDifference(string Field, string Saved, string Typed);

/// <summary>What somebody else saved while a form was open.</summary>
/// <param name="By">Null where the log does not know.</param>
/// <param name="Version">Of what is saved now.</param>
public sealed record ChangedMeanwhile(string? By, DateTimeOffset? At, string Version, IReadOnlyList<FormDifference> Differences)
{
    public static ChangedMeanwhile Of(
        DbConnection connection, DbTransaction transaction, string id, AchievementForm saved, AchievementForm typed, AchievementBook book,
        IStringLocalizer<Ui> L)
    {
        var last = connection.QueryFirstOrDefault<(string? Name, long At)>(
            "SELECT actor_name, at FROM audit WHERE action = 'achievement.changed' AND object = @id ORDER BY at DESC, key DESC LIMIT 1",
            new { id }, transaction);
        return new(last.Name, last.Name is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(last.At), saved.Version!,
            [.. Told(saved, book, L).Zip(Told(typed, book, L)).Where(f => f.First.Value != f.Second.Value)
                .Select(f => new FormDifference(f.First.Label, f.First.Value, f.Second.Value))]);
    }

    /// <summary>Each field and what it says, in the same order for each form of a kind.</summary>
    private static IEnumerable<(string Label, string Value)> Told(AchievementForm form, AchievementBook book, IStringLocalizer<Ui> L)
    {
        string Label(string field) => EditorWords.Label(field, form.Type, L)!;
        yield return (Label("Name"), Text(form.Name));
        yield return (Label("NameLt"), Text(form.NameLt));
        yield return (Label("Description"), Text(form.Description));
        yield return (Label("DescriptionLt"), Text(form.DescriptionLt));
        yield return (Label("Area"), ManagedWords.Area(L, form.Area ?? ""));
        yield return (Label("Badge"), Badges.BadgeFamilies.Find(form.Badge) is { } badge ? L[badge.Name] : "");
        yield return (Label("Visibility"), form.Visibility switch
        {
            "hidden" => L["Hidden until earned"],
            "previous" => L["Hidden until the one before it is earned"],
            _ => L["Shown"],
        });
        yield return (Label("Retention"), EditorWords.Retention(form.Retention ?? "permanent", L));
        yield return (Label("Tone"), EditorWords.Tone(form.Tone ?? "positive", L));
        yield return (Label("Coins"), Numbers(form.Coins));
        yield return (Label("History"), form.History switch
        {
            "all" => L["All history"],
            "date" => Text(form.HistoryFrom),
            _ => L["From enabling"],
        });
        yield return (Label("Metric"), Metric(form.Metric));
        yield return (Label("Best"), form.Best switch
        {
            "highest" => L["The highest"],
            "lowest" => L["The lowest"],
            _ => L["By the metric"],
        });
        yield return (Label("Among"), form.Among switch
        {
            "team" => L["in each team"],
            "site" => L["at each site"],
            _ => L["among everybody"],
        });
        yield return (Label("Metrics"), string.Join(", ", (form.Metrics ?? []).Order(StringComparer.Ordinal).Select(Metric)));
        yield return (Label("Set"), string.Join(", ", (form.Set ?? []).Select(id => book.Find(id)?.Name.ToString() ?? id)));
        yield return (Label("SetBy"), form.SetBy switch
        {
            "person" => L["The person"],
            "leader" => L["The leader"],
            "agreement" => L["Agreed on by both"],
            _ => L["Anybody"],
        });
        yield return (Label("Teams"), string.Join(", ", ((List<string>?[])[form.Teams, form.Groups, form.Roles])
            .SelectMany(chosen => (chosen ?? []).Order(StringComparer.Ordinal))));
        yield return (Label("Ties"), form.Ties == "earliest" ? L["The earliest wins"] : L["All win"]);
        yield return (Label("Minimum"), Numbers([form.Minimum]));
        yield return (Label("Sample"), Numbers([form.Sample]));
        yield return (Label("After"), Numbers([form.After]));
        yield return (Label("Level"), Numbers(form.Levels));
        yield return (Label("Activities"), string.Join(", ", (form.Activities ?? []).Order(StringComparer.Ordinal).Select(book.TypeName)));
        yield return (Label("Time"), Text(form.Time));
        yield return (Label("OneIn"), Numbers([form.OneIn, form.Percent]));
        for (var i = 0; i < AchievementForm.MostConditions; i++)
            yield return (L["Condition {0}", i + 1], i < form.AllConditions.Count ? Condition(form.AllConditions[i]) : "");

        string Condition(ConditionForm one) => string.Join(" ", ((string[])
            [
                Metric(one.Metric), one.Comparison == "at-most" ? L["at most"] : L["at least"], Numbers(one.Targets),
                string.IsNullOrWhiteSpace(one.Sample) ? "" : $"· {L["Counted at least"]} {Numbers([one.Sample])}",
            ]).Where(part => part.Length > 0));

        string Metric(string? id) =>
            book.Snapshot.Rules.Metrics.Where(m => !m.Hidden && m.Metric.Id == id).MaxBy(m => m.Version) is { } kept
                ? book.MetricName(kept.Metric.Key)
                : "";

        // Typed otherwise it may be the same number.
        string Numbers(IEnumerable<string?> typed) =>
            string.Join("; ", typed.Where(t => !string.IsNullOrWhiteSpace(t)).Select(form.Number));
    }

    private static string Text(string? typed) => typed?.Trim().ReplaceLineEndings("\n") ?? "";
}
