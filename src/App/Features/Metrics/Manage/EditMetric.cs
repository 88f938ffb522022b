using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Metrics;
using Laurel.Storage;
using Microsoft.Extensions.Localization;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Metrics.Manage;

/// <summary>What became of a metric that was to be saved.</summary>
/// <param name="Id">Null where it was not.</param>
/// <param name="Meanwhile">What somebody else saved after the form was filled.</param>
public sealed record SavedMetric(string? Id, IReadOnlyList<FieldProblem> Problems, ChangedMeanwhile? Meanwhile = null);

/// <summary>
/// Reads the form of a metric as a setup file is read, and applies it as one is: the same checks, the same versions, the same lines in the
/// audit log.
/// </summary>
public sealed class EditMetric(
    Database database, AchievementCatalogue catalogue, ApplySetup apply, LiveHub live, TimeProvider time, IStringLocalizer<Ui> words)
{
    private IStringLocalizer<Ui> L { get; } = words;

    public const int LongestName = 80, LongestDescription = 300;

    /// <summary>What the form says; the setup is null where that is not whole.</summary>
    public (MetricSetup? Setup, IReadOnlyList<FieldProblem> Problems) Read(MetricForm form, KeptMetric? known)
    {
        var (setup, problems, _) = ReadIn(form, known?.Metric.Id ?? Key(form), known);
        return (setup, problems);
    }

    private (MetricSetup? Setup, IReadOnlyList<FieldProblem> Problems, IReadOnlyDictionary<YamlNode, TypedField> Fields) ReadIn(
        MetricForm form, string id, KeptMetric? known)
    {
        var problems = new YamlProblems("form");
        // Kept ones first and in their order: another order would be another definition.
        var kept = known?.Metric.Types ?? [];
        List<string> types = [.. kept.Where((form.Types ?? []).Contains), .. (form.Types ?? []).Where(t => !kept.Contains(t)).Distinct()];
        var (node, fields) = form.Write(id, known?.IsArchived == true, types);
        var setup = new MetricReader(problems).Read(problems.Map(node, "the form")!);
        var own = Own(form).ToList();
        return (problems.Any || own.Exists(p => p.Field.StartsWith("Filters", StringComparison.Ordinal)) ? null : setup,
            [.. own, .. Told(problems, fields)], fields);
    }

    /// <summary>The metric as a form.</summary>
    public MetricForm? Fill(DbConnection connection, string id) => Write(connection, id) is { } text ? Fill(text) : null;

    private static MetricForm? Fill(string text)
    {
        var problems = new YamlProblems("setup.yaml");
        if (problems.Root(text)?.List("metrics") is not [var first] || problems.Map(first, "a metric") is not { } map) return null;
        var form = MetricForm.Of(map);
        form.Version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
        return form.In(Language.Current);
    }

    /// <summary>What else is wrong with it beside the words of the form: the same as saving it would find.</summary>
    public IReadOnlyList<FieldProblem> Check(MetricForm form, KeptMetric? known, Actor actor)
    {
        var (setup, read, fields) = ReadIn(form, known?.Metric.Id ?? Key(form), known);
        if (setup is null) return read;
        var problems = new YamlProblems("form");
        apply.Run(Alone(setup with { IsNew = known is null }), problems, actor, plan: true);
        return [.. read, .. Told(problems, fields)];
    }

    /// <param name="id">Of the one that is edited; null for a new one.</param>
    /// <param name="over">The version that may be written over, where that is not the one that the form was filled from.</param>
    public SavedMetric Save(MetricForm form, string? id, CurrentPerson me, string? over = null)
    {
        AchievementBook book;
        using (var connection = database.Read()) book = catalogue.Current(connection);
        var known = id is null ? null : book.Snapshot.Rules.Declared.FirstOrDefault(m => m.Metric.Id == id);
        var (setup, read, fields) = ReadIn(form, id ?? FreeKey(form), known);
        var found = new List<FieldProblem>(read);
        foreach (var (field, language, name) in ((string, Language, string?)[])
            [("Name", Language.English, form.Name), ("NameLt", Language.Lithuanian, form.NameLt)])
            if (!IsNamed(known, language, name) && book.Snapshot.Rules.Declared.Any(m => m.Metric.Id != id && IsNamed(m, language, name)))
                found.Add(new(field, L["There is a metric of this name already."]));
        if (setup is null || found.Count > 0) return new(null, found);
        var problems = new YamlProblems("form");
        ChangedMeanwhile? meanwhile = null;
        apply.Run(Alone(setup with { IsNew = id is null }), problems, me.Actor, plan: false, (connection, transaction) =>
        {
            meanwhile = null;
            if (id is null || Writer(connection, transaction).WriteMetric(id) is not { } text || Fill(text) is not { } saved) return true;
            if (string.Equals(saved.Version, over ?? form.Version, StringComparison.Ordinal)) return true;
            meanwhile = Meanwhile(connection, transaction, id, saved, form, book);
            return false;
        });
        if (meanwhile is not null) return new(null, [], meanwhile);
        if (problems.Any) return new(null, Told(problems, fields));
        live.Changed(ManageFeature.Topic);
        return new(setup.Metric.Id, []);

        string FreeKey(MetricForm typed) => string.IsNullOrWhiteSpace(typed.Id)
            ? EditAchievement.FreeId(typed.Name ?? "", "metric", c => book.Snapshot.Rules.Metrics.All(m => m.Metric.Id != c))
            : typed.Id.Trim();
    }

    /// <summary>Off the lists, or back again. Problems where something still needs it; null where there is none of that id.</summary>
    public IReadOnlyList<YamlProblem>? Archive(string id, bool archived, Actor actor)
    {
        string? text;
        using (var connection = database.Read()) text = Write(connection, id);
        var problems = new YamlProblems("setup.yaml");
        if (text is null || new SetupReader(problems).Read(text)?.Metrics is not [var known]) return null;
        apply.Run(Alone(known with { IsArchived = archived }), problems, actor, plan: false);
        if (!problems.Any) live.Changed(ManageFeature.Topic);
        return problems.InOrder();
    }

    /// <summary>The metric as a setup file of its own.</summary>
    public string? Write(DbConnection connection, string id)
    {
        using var view = database.Snapshot(connection);
        return Writer(connection, view).WriteMetric(id);
    }

    /// <summary>The same of one metric, whose id is said beside the text.</summary>
    public (IReadOnlyList<SetupChange> Changes, IReadOnlyList<YamlProblem> Problems) Put(
        string id, string text, bool plan, CurrentPerson me)
    {
        var problems = new YamlProblems("body");
        if (problems.Root(text) is not { } root) return ([], problems.InOrder());
        if (root.Has("id") && root.Text("id") != id) problems.Add(root["id"]!, $"'id' is '{id}', by the address");
        else if (!root.Has("id")) root.Node.Add("id", id);
        if (problems.Any || new MetricReader(problems).Read(problems.Map(root.Node, "the body")!) is not { } setup || problems.Any)
            return ([], problems.InOrder());
        var changes = apply.Run(Alone(setup), problems, me.Actor, plan);
        if (!plan && !problems.Any) live.Changed(ManageFeature.Topic);
        return (problems.Any ? [] : changes, problems.InOrder());
    }

    /// <summary>What a text would change, or with <paramref name="plan"/> false has changed: metrics alone are taken here.</summary>
    public (IReadOnlyList<SetupChange> Changes, IReadOnlyList<YamlProblem> Problems) Take(string text, bool plan, CurrentPerson me)
    {
        var problems = new YamlProblems("setup.yaml");
        if (problems.Root(text) is { } root)
            foreach (var (key, name, _) in root.Entries.Where(e => e.Name != "metrics"))
                problems.Add(key, $"only 'metrics' can be brought in here, not '{name}'");
        if (problems.Any || new SetupReader(problems).Read(text) is not { } setup || problems.Any) return ([], problems.InOrder());
        var changes = apply.Run(setup, problems, me.Actor, plan);
        if (!plan && !problems.Any) live.Changed(ManageFeature.Topic);
        return (problems.Any ? [] : changes, problems.InOrder());
    }

    /// <summary>Whether what is written would be another version of the metric.</summary>
    public static bool Differs(RuleSet rules, Metric kept, MetricSetup draft) =>
        !string.Equals(Defined(kept), Defined(Draft(rules, draft) ?? draft.Metric), StringComparison.Ordinal);

    /// <summary>
    /// What is written, by the newest versions of what it is made of, as a metric that nothing has counted yet; null for a ratio of what is
    /// not there.
    /// </summary>
    public static Metric? Draft(RuleSet rules, MetricSetup setup)
    {
        var metric = setup.Metric;
        if (setup.Ratio is { } named)
        {
            return Part(named.Numerator) is { } over && Part(named.Denominator) is { } under
                ? metric with { Ratio = new(over, under) }
                : null;
        }
        return metric is { External: false, Measure: { } measure }
            ? metric with { NeverNegative = metric.Types.All(t => rules.Type(t)?.Type.Measure(measure) is { MayBeNegative: false }) }
            : metric;

        RatioPart? Part(YamlText of) => rules.Declared.FirstOrDefault(m => m.Metric.Id == of.Text)?.Metric is { } found
            && found.Aggregate is Aggregate.Count or Aggregate.Sum ? new(found.Key, found.Id, found.Aggregate) : null;
    }

    /// <summary>As it is kept.</summary>
    public static string Defined(Metric metric) => JsonSerializer.Serialize(metric with { Key = default }, CatalogueStore.Json);

    /// <summary>A setup file that names nothing else.</summary>
    public static Setup Alone(MetricSetup setup) => new([], null, [], [], [], [], [setup], []);

    private SetupWriter Writer(DbConnection connection, DbTransaction view) =>
        new(connection, view, time.GetUtcNow().ToUnixTimeMilliseconds());

    private static string Key(MetricForm form) => string.IsNullOrWhiteSpace(form.Id) ? "new-one" : form.Id.Trim();

    private static bool IsNamed(KeptMetric? one, Language language, string? name) => one is not null && !string.IsNullOrWhiteSpace(name)
        && LocalText.Parse(one.Name) is var said && said.Has(language)
        && string.Equals(said.In(language), name.Trim(), StringComparison.OrdinalIgnoreCase);

    private ChangedMeanwhile Meanwhile(
        DbConnection connection, DbTransaction transaction, string id, MetricForm saved, MetricForm typed, AchievementBook book)
    {
        var last = connection.QueryFirstOrDefault<(string? Name, long At)>(
            "SELECT actor_name, at FROM audit WHERE action = 'metric.changed' AND object = @id ORDER BY at DESC, key DESC LIMIT 1",
            new { id }, transaction);
        return new(last.Name, last.Name is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(last.At), saved.Version!,
            [.. MetricFormWords.Told(saved, book, L).Zip(MetricFormWords.Told(typed, book, L)).Where(f => f.First.Value != f.Second.Value)
                .Select(f => new FormDifference(f.First.Label, f.First.Value, f.Second.Value))]);
    }

    private IEnumerable<FieldProblem> Own(MetricForm form)
    {
        if (string.IsNullOrWhiteSpace(form.Name)) yield return new("Name", L["Type a name."]);
        foreach (var (field, text, most) in ((string, string?, int)[])
            [
                ("Name", form.Name, LongestName), ("NameLt", form.NameLt, LongestName),
                ("Description", form.Description, LongestDescription), ("DescriptionLt", form.DescriptionLt, LongestDescription),
            ])
            if (text?.Trim().Length > most) yield return new(field, L["At most {0} characters.", most]);
        if (form.Kind == MetricForm.Counted)
            for (var i = 0; i < form.AllFilters.Count; i++)
                if (MetricForm.Lack(form.AllFilters[i]) is { } lack)
                    yield return new($"Filters[{i}].{lack}", MetricFormWords.Lacks(lack, L));
    }

    private List<FieldProblem> Told(YamlProblems problems, IReadOnlyDictionary<YamlNode, TypedField> fields) =>
        [.. problems.InOrder().Select(p => MetricFormWords.Of(p, p.At is { } at ? fields.GetValueOrDefault(at) : default, L))
            .DistinctBy(p => (p.Field, p.Text))];
}
