using Laurel.App.Features.Achievements.Catalogue;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;

namespace Laurel.App.Features.Imports;

/// <summary>
/// What a mapping names that a set-up declares, and where: whether it is declared is known only once there is a database.
/// </summary>
/// <param name="file">The mapping's name for messages.</param>
public sealed class MappingNames(string file)
{
    private readonly List<(YamlText Type, IReadOnlyList<YamlText> Measures, IReadOnlyList<YamlText> Labels)> activities = [];

    internal void Add(YamlText type, IReadOnlyList<YamlText> measures, IReadOnlyList<YamlText> labels) =>
        activities.Add((type, measures, labels));

    /// <summary>Everything that these rules do not declare, in the mapping's order.</summary>
    public IReadOnlyList<YamlProblem> Undeclared(RuleSet rules)
    {
        var problems = new YamlProblems(file);
        // What people do with Laurel itself is declared everywhere, and is hardly what a file brings.
        var declared = rules.Types.Where(t => !t.IsExternal && !DeclareOwnTypes.Ids.Contains(t.Id)).Select(t => t.Id)
            .Order(StringComparer.Ordinal).ToList();
        foreach (var (named, measures, labels) in activities)
        {
            if (rules.Type(named.Text) is not (_, { } type))
            {
                problems.Add(named.At, $"type '{named.Text}' is not declared{Suggestion.Hint(named.Text, declared)}; "
                    + (declared.Count == 0 ? "no type is" : $"declared are {string.Join(", ", declared)}"));
                continue;
            }
            foreach (var (measure, at) in measures)
                if (type.Measure(measure) is null)
                    problems.Add(at, Lacks(type, "measure", measure, type.Measures.Select(m => m.Name)));
            foreach (var (label, at) in labels)
                if (!type.Labels.Contains(label, StringComparer.Ordinal)) problems.Add(at, Lacks(type, "label", label, type.Labels));
        }
        return problems.InOrder();
    }

    private static string Lacks(ActivityType type, string what, string name, IEnumerable<string> declared) =>
        $"type '{type.Id}' declares no {what} '{name}'{Suggestion.Hint(name, declared)}";
}
