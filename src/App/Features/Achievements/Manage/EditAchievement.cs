using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Metrics;
using Laurel.Storage;
using Microsoft.Extensions.Localization;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>What became of an achievement that was to be saved.</summary>
/// <param name="Id">Null where it was not.</param>
/// <param name="Meanwhile">What somebody else saved after the form was filled.</param>
public sealed record SavedAchievement(string? Id, IReadOnlyList<FieldProblem> Problems, ChangedMeanwhile? Meanwhile = null);

/// <summary>
/// Reads the editor's form as a setup file is read, and applies it as one is: the same checks, the same versions, the same lines in the
/// audit log.
/// </summary>
public sealed class EditAchievement(
    Database database, AchievementCatalogue catalogue, ApplySetup apply, LiveHub live, TimeProvider time, IStringLocalizer<Ui> words)
{
    private IStringLocalizer<Ui> L { get; } = words;

    public const int LongestName = 80, LongestDescription = 300;

    /// <summary>Addresses of the pages of management.</summary>
    private static readonly string[] Taken = ["new", "import", "catalogue"];

    /// <summary>What the form says; the setup is null where that is not whole.</summary>
    public (AchievementSetup? Setup, IReadOnlyList<FieldProblem> Problems) Read(
        AchievementForm form, string id, bool enabled, AchievementBook book)
    {
        var (setup, problems, _) = ReadIn(form, id, enabled, book);
        return (setup, problems);
    }

    private (AchievementSetup? Setup, IReadOnlyList<FieldProblem> Problems, IReadOnlyDictionary<YamlNode, TypedField> Fields) ReadIn(
        AchievementForm form, string id, bool enabled, AchievementBook book)
    {
        var problems = new YamlProblems("form");
        var (node, fields) = form.Write(id, enabled, metric => EditorWords.IsSeconds(book, metric));
        var setup = new AchievementReader(problems).Read(problems.Map(node, "the form")!);
        return (problems.Any ? null : setup, [.. Own(form), .. Told(problems, fields)], fields);
    }

    /// <summary>The achievement as a form.</summary>
    public AchievementForm? Fill(DbConnection connection, string id) =>
        Write(connection, id) is { } text ? Fill(text)?.In(Language.Current) : null;

    private static AchievementForm? Fill(string text)
    {
        var problems = new YamlProblems("setup.yaml");
        if (problems.Root(text)?.List("achievements") is not [var first] || problems.Map(first, "an achievement") is not { } map)
            return null;
        var form = AchievementForm.Of(map);
        form.Version = VersionOf(text);
        return form;
    }

    /// <summary>Stands for what is saved: switching it on or off is another matter, and no form undoes it.</summary>
    private static string VersionOf(string text)
    {
        var told = text.Split('\n').Where(line => !line.TrimStart().StartsWith("enabled: ", StringComparison.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', told))))[..16];
    }

    /// <param name="id">Of the one that is edited; null for a new one.</param>
    /// <param name="enable">Switches it on; otherwise it stays what it is, and a new one is off.</param>
    /// <param name="over">The version that may be written over, where that is not the one that the form was filled from.</param>
    public SavedAchievement Save(AchievementForm form, string? id, bool enable, CurrentPerson me, string? over = null)
    {
        using var reading = database.Read();
        var book = catalogue.Current(reading);
        var enabled = enable || (id is not null && book.Find(id) is { } known && known.IsOn);
        var (setup, read, fields) = ReadIn(form, id ?? FreeId(form.Name ?? "", book), enabled, book);
        var found = new List<FieldProblem>(read);
        // One that has such a name already keeps it.
        foreach (var (field, language, name) in ((string, Language, string?)[])
            [("Name", Language.English, form.Name), ("NameLt", Language.Lithuanian, form.NameLt)])
            if (!IsNamed(id is null ? null : book.Find(id), language, name) && book.All.Any(a => a.Id != id && IsNamed(a, language, name)))
                found.Add(new(field, L["There is an achievement of this name already."]));
        if (setup is not null && !new ManagedReach(reading, book, me).Covers(AudienceIds.Find(reading, setup.Audience)))
            found.Add(new(form.HasAudience ? "Teams" : "",
                L["Only people within your reach may be able to earn it: choose their teams or groups."]));
        if (setup is null || found.Count > 0) return new(null, found);
        var problems = new YamlProblems("form");
        ChangedMeanwhile? meanwhile = null;
        apply.Run(Alone(setup with { IsNew = id is null }), problems, me.Actor, plan: false, (connection, transaction) =>
        {
            meanwhile = null;
            if (id is null || new SetupWriter(connection, transaction, time.GetUtcNow().ToUnixTimeMilliseconds()).Write(id) is not { } kept)
                return true;
            if (string.Equals(VersionOf(kept), over ?? form.Version, StringComparison.Ordinal)) return true;
            meanwhile = ChangedMeanwhile.Of(connection, transaction, id, Fill(kept)!.In(Language.Current), form, book, L);
            return false;
        });
        if (meanwhile is not null) return new(null, [], meanwhile);
        if (problems.Any) return new(null, Told(problems, fields));
        live.Changed(ManageFeature.Topic);
        return new(setup.Id, []);
    }

    /// <summary>Off and not listed any more, or back again; what was earned stays. False where there is none of that id.</summary>
    public bool Archive(string id, bool archived, Actor actor)
    {
        string? text;
        using (var connection = database.Read()) text = Write(connection, id);
        var problems = new YamlProblems("setup.yaml");
        if (text is null || new SetupReader(problems).Read(text)?.Achievements is not [var known]) return false;
        apply.Run(Alone(known with { IsArchived = archived, Enabled = known.Enabled && !archived }), problems, actor, plan: false);
        live.Changed(ManageFeature.Topic);
        return true;
    }

    /// <summary>Tries it out: it is decided as any other, and seen by those who manage achievements only.</summary>
    /// <param name="enable">Switches it on; otherwise it stays what it is, and what is off computes nothing.</param>
    /// <returns>Why it cannot be; empty where it is done. Null where there is none of that id.</returns>
    public IReadOnlyList<YamlProblem>? Test(string id, bool enable, Actor actor)
    {
        string? text;
        using (var connection = database.Read()) text = Write(connection, id);
        var problems = new YamlProblems("setup.yaml");
        if (text is null || new SetupReader(problems).Read(text)?.Achievements is not [var known]) return null;
        apply.Run(Alone(known with { Test = true, Enabled = known.Enabled || enable }), problems, actor, plan: false);
        if (!problems.Any) live.Changed(ManageFeature.Topic);
        return problems.InOrder();
    }

    /// <summary>The achievement as a setup file of its own.</summary>
    public string? Write(DbConnection connection, string id)
    {
        using var view = database.Snapshot(connection);
        return new SetupWriter(connection, view, time.GetUtcNow().ToUnixTimeMilliseconds()).Write(id);
    }

    /// <summary>Whether it has this very name in the language, and no other one's in its place.</summary>
    private static bool IsNamed(Achievement? one, Language language, string? name) => one is not null && !string.IsNullOrWhiteSpace(name)
        && one.Name.Has(language) && string.Equals(one.Name.In(language), name.Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// What a text would change, or with <paramref name="plan"/> false has changed: achievements and paths alone are taken here.
    /// </summary>
    public (IReadOnlyList<SetupChange> Changes, IReadOnlyList<YamlProblem> Problems) Take(string text, bool plan, CurrentPerson me)
    {
        var problems = new YamlProblems("setup.yaml");
        // Whoever manages achievements may not manage people.
        if (problems.Root(text) is { } root)
            foreach (var (key, name, _) in root.Entries.Where(e => e.Name is not ("achievements" or "paths")))
                problems.Add(key, $"only 'achievements' and 'paths' can be brought in here, not '{name}'");
        if (problems.Any || new SetupReader(problems).Read(text) is not { } setup) return ([], problems.InOrder());
        AchievementBook book;
        using (var connection = database.Read()) book = catalogue.Current(connection);
        foreach (var one in setup.Achievements)
        {
            if (!me.MaySee() && (one.Test == true || book.Find(one.Id) is { IsTesting: true }))
                problems.Add(one.Node, $"'{one.Id}' is in test, which is for those who see the whole organisation");
            foreach (var named in one.Of.Where(named => book.Find(named.Text) is { IsTesting: true } && !me.MaySee()))
                problems.Add(named.At, $"there is no achievement '{named.Text}'");
            foreach (var (language, name) in ((Language, string?)[])
                [(Language.English, one.Name.English), (Language.Lithuanian, one.Name.ByLanguage.GetValueOrDefault("lt"))])
                if (!IsNamed(book.Find(one.Id), language, name)
                    && book.All.FirstOrDefault(a => a.Id != one.Id && IsNamed(a, language, name)) is { } other)
                    problems.Add(one.Node, $"'{other.Id}' is called '{name}' already: give this one another name");
        }
        foreach (var path in setup.Paths)
        {
            foreach (var named in path.Steps.Where(named => book.Find(named.Text) is { IsTesting: true } && !me.MaySee()))
                problems.Add(named.At, $"there is no achievement '{named.Text}'");
            foreach (var (language, name) in ((Language, string?)[])
                [(Language.English, path.Name.English), (Language.Lithuanian, path.Name.ByLanguage.GetValueOrDefault("lt"))])
                if (EditPath.NamedSo(book, path.Id, language, name) is { } other)
                    problems.Add(path.Node, $"'{other.Id}' is called '{name}' already: give this one another name");
        }
        if (problems.Any) return ([], problems.InOrder());
        var changes = apply.Run(setup, problems, me.Actor, plan);
        if (!plan && !problems.Any) live.Changed(ManageFeature.Topic);
        return (problems.Any ? [] : changes, problems.InOrder());
    }

    /// <summary>A setup file that names nothing else.</summary>
    public static Setup Alone(AchievementSetup setup) => new([], null, [], [], [], [], [], [setup]);

    /// <summary>The rule by the newest versions of the metrics that it names; null where one of them is not there.</summary>
    public static Rule? RuleOf(AchievementSetup setup, AchievementBook book)
    {
        var metrics = new Dictionary<string, Metric>(StringComparer.Ordinal);
        foreach (var kept in book.Snapshot.Rules.Metrics.Where(m => !m.Hidden).OrderBy(m => m.Version))
            metrics[kept.Metric.Id] = kept.Metric;
        if (!setup.Metrics.All(m => metrics.ContainsKey(m.Text))) return null;
        // What only this rule counts may not be counted yet; another metric may count the very same.
        if (setup.Own is { } own) metrics[own.Metric.Id] = Same(own.Metric, book) ?? own.Metric;
        var set = setup.Of.Select(named => book.Find(named.Text)?.Key).ToList();
        return set.Contains(null) ? null : setup.Rule(metric => metrics[metric], [.. set.Select(key => key!.Value)]);
    }

    private static Metric? Same(Metric own, AchievementBook book) => book.Snapshot.Rules.Metrics.Select(m => m.Metric).FirstOrDefault(m =>
        m.Aggregate == own.Aggregate && m.OfAnyType == own.OfAnyType && !m.External && m.Where.Count == 0 && m.Measure is null
        && m.Types.Order(StringComparer.Ordinal).SequenceEqual(own.Types.Order(StringComparer.Ordinal), StringComparer.Ordinal));

    private IEnumerable<FieldProblem> Own(AchievementForm form)
    {
        if (string.IsNullOrWhiteSpace(form.Name)) yield return new("Name", L["Type a name."]);
        foreach (var (field, text, most) in ((string, string?, int)[])
            [
                ("Name", form.Name, LongestName), ("NameLt", form.NameLt, LongestName),
                ("Description", form.Description, LongestDescription), ("DescriptionLt", form.DescriptionLt, LongestDescription),
            ])
            if (text?.Trim().Length > most) yield return new(field, L["At most {0} characters.", most]);
    }

    private List<FieldProblem> Told(YamlProblems problems, IReadOnlyDictionary<YamlNode, TypedField> fields) =>
        [.. problems.InOrder().Select(p => EditorWords.Of(p, p.At is { } at ? fields.GetValueOrDefault(at) : default, L))
            .DistinctBy(p => (p.Field, p.Text))];

    /// <summary>The name in the letters of an id; with a number where that is taken.</summary>
    private static string FreeId(string name, AchievementBook book) => FreeId(name, "achievement", id => book.Find(id) is null);

    internal static string FreeId(string name, string otherwise, Func<string, bool> isFree)
    {
        var letters = new StringBuilder();
        foreach (var c in name.Normalize(NormalizationForm.FormD).ToLowerInvariant())
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)) letters.Append(c);
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && c is not ('\'' or '’')
                && letters is { Length: > 0 } && letters[^1] != '-') letters.Append('-');
        var id = letters.ToString(0, Math.Min(60, letters.Length)).Trim('-') is { Length: > 0 } said ? said : otherwise;
        for (var n = 1; ; n++)
        {
            var candidate = n == 1 ? id : string.Create(CultureInfo.InvariantCulture, $"{id}-{n}");
            if (isFree(candidate) && !Taken.Contains(candidate, StringComparer.Ordinal)) return candidate;
        }
    }
}
