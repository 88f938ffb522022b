using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>Words of a path's editor: what the reader of setup files says is wrong, in the words of the form.</summary>
public static class PathWords
{
    public static string? Label(string field, IStringLocalizer<Ui> L) => field == "Steps" ? L["Steps"] : EditorWords.Label(field, null, L);

    /// <summary>With the field's name before it.</summary>
    public static string Named(FieldProblem problem, IStringLocalizer<Ui> L) =>
        Label(problem.Field, L) is { } label ? $"{label}: {problem.Text}" : problem.Text;

    public static string Visibility(string? word, IStringLocalizer<Ui> L) => word switch
    {
        "hidden" => L["Hidden until earned"],
        "previous" => L["Hidden until the one before it is earned"],
        _ => L["Shown"],
    };

    /// <summary>Each field and what it says.</summary>
    public static IEnumerable<(string Label, string Value)> Said(PathForm form, AchievementBook book, IStringLocalizer<Ui> L)
    {
        foreach (var (field, text) in ((string, string?)[])[("Name", form.Name), ("NameLt", form.NameLt),
            ("Description", form.Description), ("DescriptionLt", form.DescriptionLt)])
            yield return (Label(field, L)!, text?.Trim().ReplaceLineEndings("\n") ?? "");
        yield return (L["Area"], ManagedWords.Area(L, form.Area ?? ""));
        yield return (L["Steps"], string.Join(", ", form.AllSteps.Select(s =>
            $"{book.Find(s.Id ?? "")?.Name.ToString() ?? s.Id} ({Visibility(s.Visibility, L)})")));
    }

    public static FieldProblem Of(YamlProblem problem, TypedField at, AchievementBook book, IStringLocalizer<Ui> L)
    {
        var said = problem.Message;
        // The message names what it is about first.
        var named = said.Split('\'') is [_, var id, ..] ? book.Find(id)?.Name.ToString() ?? id : "";
        return said switch
        {
            "the English text (en) is missing" => new(at.Field ?? "Name", L["Say it in English, too."]),
            "'steps' is missing: the achievements of the path, in order" => new("Steps", L["Add at least one step."]),
            _ when said.EndsWith("an achievement stands in one path", StringComparison.Ordinal) =>
                new("Steps", L["“{0}” stands in another path already.", named]),
            _ when said.EndsWith("stands twice in the path", StringComparison.Ordinal) =>
                new("Steps", L["“{0}” stands there twice.", named]),
            _ when said.Contains("cannot be a step", StringComparison.Ordinal) => new("Steps",
                L["“{0}” cannot be a step: a step is earned once, has one level and a moment of its own.", named]),
            _ when said.Contains("which is in test: test both", StringComparison.Ordinal) =>
                new("Steps", L["One of these is in test: test both, or take that one live first."]),
            _ when said.EndsWith("would be decided by itself", StringComparison.Ordinal) =>
                new("Steps", L["One of these is decided by this one: it would be decided by itself."]),
            _ when said.StartsWith("there is no achievement", StringComparison.Ordinal) =>
                new("Steps", L["One of these is not there any more."]),
            _ when said.Contains("which is archived: write enabled", StringComparison.Ordinal) =>
                new("Steps", L["“{0}” is on, and the path is archived: bring the path back first, or disable it.", named]),
            _ when said.StartsWith("there is a path", StringComparison.Ordinal) =>
                new("Name", L["There is a path of this name already."]),
            _ => new(at.Field ?? "", said),
        };
    }
}
