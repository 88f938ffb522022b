using System.Globalization;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Yaml;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>A step in the form: an achievement, and to whom it is shown before it is earned.</summary>
public sealed class StepForm
{
    public string? Id { get; set; }
    /// <summary>A word of a setup file: shown, hidden or previous.</summary>
    public string? Visibility { get; set; }
}

/// <summary>The editor's form of a path: what was typed, as it was typed.</summary>
public sealed class PathForm
{
    public string? Name { get; set; }
    public string? NameLt { get; set; }
    public string? Description { get; set; }
    public string? DescriptionLt { get; set; }
    public string? Area { get; set; }
    /// <summary>In order.</summary>
    public List<StepForm>? Steps { get; set; }
    /// <summary>The achievement to add as the last step.</summary>
    public string? Add { get; set; }
    /// <summary>What was saved when it was filled, so that nothing of somebody else's is written over unseen.</summary>
    public string? Version { get; set; }
    /// <summary>The button that was pressed.</summary>
    public string? Do { get; set; }

    public IReadOnlyList<StepForm> AllSteps => Steps ?? [];

    /// <summary>What a setup file says of a path.</summary>
    public static PathForm Of(YamlMap map, Func<string, string> visibility)
    {
        var (name, description) = (AchievementForm.Texts(map, "name"), AchievementForm.Texts(map, "description"));
        return new()
        {
            Name = name.English, NameLt = name.Lithuanian, Description = description.English, DescriptionLt = description.Lithuanian,
            Area = map.Text("area"), Steps = [.. map.Texts("steps").Select(id => new StepForm { Id = id, Visibility = visibility(id) })],
        };
    }

    /// <summary>What was typed as a path of a setup file, with the field that each part comes from.</summary>
    public WrittenForm Write(string id, bool archived)
    {
        var fields = new Dictionary<YamlNode, TypedField>(ReferenceEqualityComparer.Instance);
        var map = new YamlMappingNode();
        map.Add("id", Noted(new YamlScalarNode(id), "Name"));
        AddTexts("name", "Name", Name, NameLt);
        AddTexts("description", "Description", Description, DescriptionLt);
        if (!string.IsNullOrWhiteSpace(Area)) map.Add("area", Noted(new YamlScalarNode(Area), "Area"));
        map.Add("steps", Noted(new YamlSequenceNode(AllSteps.Select(s => Noted(new YamlScalarNode(s.Id ?? ""), "Steps"))), "Steps"));
        if (archived) map.Add("archived", "true");
        return new(map, fields);

        void AddTexts(string key, string field, string? english, string? lithuanian)
        {
            var texts = new YamlMappingNode();
            if (!string.IsNullOrWhiteSpace(english)) texts.Add("en", english.Trim());
            if (!string.IsNullOrWhiteSpace(lithuanian)) texts.Add("lt", lithuanian.Trim());
            if (texts.Children.Count > 0) map.Add(key, Noted(texts, field));
        }

        YamlNode Noted(YamlNode node, string field)
        {
            fields[node] = new(field, null);
            return node;
        }
    }

    /// <summary>
    /// Does what a button says to the steps: up-2, down-0, remove-1, add, or all-shown, all-hidden and all-previous. False for any other.
    /// </summary>
    public bool Press(string? pressed, out int at)
    {
        Steps ??= [];
        at = -1;
        switch (pressed?.Split('-'))
        {
            case ["add"] when !string.IsNullOrEmpty(Add):
                if (Steps.TrueForAll(s => s.Id != Add)) Steps.Add(new() { Id = Add });
                (Add, at) = (null, Steps.Count - 1);
                return true;
            case ["all", var word]:
                // The first one has none before it.
                foreach (var step in Steps) step.Visibility = word == "previous" && step == Steps[0] ? "shown" : word;
                return true;
            case [var verb and ("up" or "down" or "remove"), var digits]
                when int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out at) && at < Steps.Count:
                if (verb == "remove") Steps.RemoveAt(at);
                else if (at + (verb == "up" ? -1 : 1) is var to && to >= 0 && to < Steps.Count)
                    (Steps[at], Steps[to], at) = (Steps[to], Steps[at], to);
                return true;
            default:
                return false;
        }
    }
}
