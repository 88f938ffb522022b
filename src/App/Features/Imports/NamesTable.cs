using System.Text;
using Laurel.App.Platform.Yaml;

namespace Laurel.App.Features.Imports;

/// <summary>Names for people by their key: a CSV with the columns person and name, or YAML with a line <c>key: name</c> each.</summary>
internal static class NamesTable
{
    /// <summary>Fills <paramref name="names"/>; answers what is wrong with the file.</summary>
    public static string? Read(string text, string file, Dictionary<string, string> names) =>
        file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? ReadCsv(text, file, names) : ReadYaml(text, file, names);

    private static string? ReadYaml(string text, string file, Dictionary<string, string> names)
    {
        var problems = new YamlProblems(file);
        foreach (var (_, key, node) in problems.Root(text)?.Entries ?? [])
            if (problems.Text(node, $"the name of '{key}'") is { } name) names[key] = name;
        return problems.Any ? problems.InOrder()[0].ToString() : null;
    }

    private static string? ReadCsv(string text, string file, Dictionary<string, string> names)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        try
        {
            var rows = new DelimitedRows(new(stream), ',', quotes: true, ["person", "name"], _ => null);
            while (rows.Next(out var row))
            {
                if (row.Inputs is null) return $"{file}:{row.Line}: {row.Problem}";
                if (row.Inputs is not [{ } person, { } name] || string.IsNullOrWhiteSpace(person) || string.IsNullOrWhiteSpace(name))
                    return $"{file}:{row.Line}: person or name is missing";
                if (!names.TryAdd(person.Trim(), name.Trim())) return $"{file}:{row.Line}: '{person}' is there twice";
            }
        }
        catch (FileRefused wrong)
        {
            return $"{file}:{wrong.Line}: {wrong.Message}";
        }
        return null;
    }
}
