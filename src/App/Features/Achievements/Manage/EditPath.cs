using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Laurel.App.Features.Metrics.Manage;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>
/// Reads the editor's form of a path as a setup file is read, and applies it as one is: the same checks, the same versions of its steps,
/// the same lines in the audit log.
/// </summary>
public sealed class EditPath(
    Database database, AchievementCatalogue catalogue, ApplySetup apply, LiveHub live, TimeProvider time, IStringLocalizer<Ui> words)
{
    /// <summary>How often a change is tried anew that others come before.</summary>
    private const int Tries = 3;

    private IStringLocalizer<Ui> L { get; } = words;

    /// <summary>The path as a form.</summary>
    public PathForm? Fill(DbConnection connection, string id)
    {
        using var view = database.Snapshot(connection);
        return Fill(connection, view, id);
    }

    private PathForm? Fill(DbConnection connection, DbTransaction view, string id)
    {
        if (Writer(connection, view).WritePath(id) is not { } text) return null;
        var problems = new YamlProblems("setup.yaml");
        var root = problems.Root(text)!;
        var visible = root.List("achievements").Select(node => problems.Map(node, "")!)
            .ToDictionary(a => a.Text("id")!, a => a.Text("visibility") ?? "shown", StringComparer.Ordinal);
        var form = PathForm.Of(problems.Map(root.List("paths")[0], "")!, step => visible.GetValueOrDefault(step, "shown"));
        form.Version = VersionOf(form);
        return form;
    }

    /// <summary>Stands for what is saved.</summary>
    private static string VersionOf(PathForm form) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
        (string?[])[form.Name, form.NameLt, form.Description, form.DescriptionLt, form.Area,
            .. form.AllSteps.Select(s => $"{s.Id}: {s.Visibility}")]))))[..16];

    /// <param name="id">Of the one that is edited; null for a new one.</param>
    /// <param name="over">The version that may be written over, where that is not the one that the form was filled from.</param>
    /// <param name="made">The id of a new one; null: it follows from the name.</param>
    /// <param name="archived">Put away, or brought back; null: as it is.</param>
    /// <param name="planned">Given: only looked at; is told what saving would change.</param>
    public SavedAchievement Save(
        PathForm form, string? id, CurrentPerson me, string? over = null, string? made = null, bool? archived = null,
        Action<IReadOnlyList<SetupChange>>? planned = null)
    {
        for (var tries = 0; ; tries++)
        {
            AchievementBook book;
            BadgePath? known;
            Dictionary<string, string> reclad, kept;
            HashSet<string> off;
            using (var connection = database.Read())
            {
                book = catalogue.Current(connection);
                using var view = database.Snapshot(connection);
                known = id is null ? null : book.FindPath(id, me);
                reclad = Reclad(form, known, book).ToDictionary(step => step.Id, step => step.Visibility, StringComparer.Ordinal);
                off = archived == true ? [.. form.AllSteps.Where(s => book.Find(s.Id ?? "")?.IsOn == true).Select(s => s.Id!)] : [];
                kept = reclad.Keys.Union(off, StringComparer.Ordinal)
                    .ToDictionary(step => step, step => Writer(connection, view).Write(step)!, StringComparer.Ordinal);
            }
            var found = new List<FieldProblem>(Own(form, known, book, me));
            var problems = new YamlProblems("form");
            var (node, fields) = form.Write(
                id ?? made ?? EditAchievement.FreeId(form.Name ?? "", "path", i => book.Paths.All(p => p.Id != i)),
                archived ?? known?.IsArchived == true);
            var path = new SetupReader(problems).Path(problems.Map(node, "the form")!);
            if (problems.Any || path is null || found.Count > 0) return new(null, [.. found, .. Told(problems, fields, book)]);
            var setup = new Setup([], null, [], [], [], [], [], [.. kept.Select(step => Read(step.Value)[0]).Select(step => step with
            {
                Visibility = reclad.TryGetValue(step.Id, out var word) ? Enum.Parse<Visibility>(word, ignoreCase: true) : step.Visibility,
                Enabled = false, LeavesSwitch = !off.Contains(step.Id),
            })])
            { Paths = [path with { IsNew = id is null }] };
            if (planned is not null)
            {
                using (var connection = database.Read())
                {
                    using var view = database.Snapshot(connection);
                    if (id is not null && Fill(connection, view, id) is { } now
                        && !string.Equals(now.Version, over ?? form.Version, StringComparison.Ordinal))
                        return new(null, [], Meanwhile(connection, view, id, now, form, book));
                }
                var changes = apply.Run(setup, problems, me.Actor, plan: true);
                if (problems.Any) return new(null, Told(problems, fields, book));
                planned(changes);
                return new(path.Id, []);
            }
            ChangedMeanwhile? meanwhile = null;
            var isFirst = true;
            apply.Run(setup, problems, me.Actor, plan: false, (connection, transaction) =>
            {
                meanwhile = null;
                isFirst = kept.All(step => Writer(connection, transaction).Write(step.Key) == step.Value);
                if (!isFirst) return false;
                if (id is null || Fill(connection, transaction, id) is not { } now) return true;
                if (string.Equals(now.Version, over ?? form.Version, StringComparison.Ordinal)) return true;
                meanwhile = Meanwhile(connection, transaction, id, now, form, book);
                return false;
            });
            if (!isFirst && tries < Tries) continue;
            if (meanwhile is not null) return new(null, [], meanwhile);
            if (problems.Any) return new(null, Told(problems, fields, book));
            live.Changed(ManageFeature.Topic);
            return new(path.Id, []);
        }
    }

    /// <summary>
    /// Steps that others see otherwise than before, with the word for it. One that leaves the path has none before it any more.
    /// </summary>
    private static IEnumerable<(string Id, string Visibility)> Reclad(PathForm form, BadgePath? known, AchievementBook book) =>
    [
        .. form.AllSteps.Where(s => s.Id is not null && book.Find(s.Id) is { } step && Word(s.Visibility) is { } word
                && SetupWriter.Word(step.Visibility) != word)
            .DistinctBy(s => s.Id).Select(s => (s.Id!, Word(s.Visibility)!)),
        .. (known?.Steps ?? []).Where(s => s.Visibility == Visibility.Previous && form.AllSteps.All(typed => typed.Id != s.Id))
            .Select(s => (s.Id, "hidden")),
    ];

    /// <summary>Whether it is earned once, has one level and a moment of its own.</summary>
    public static bool CanBeStep(AchievementBook book, Achievement one) => one.Rule.IsByHand()
        || (book.History(one) is { } history && ApplyPaths.IsStep(history, book.Snapshot.Rules.Metric));

    /// <summary>Whether the path that it is a step of is archived: then it stays off.</summary>
    public static bool IsOnArchived(DbConnection connection, DbTransaction transaction, AchievementKey achievement) =>
        connection.ExecuteScalar<long>(
            "SELECT count(*) FROM path_step s JOIN path p ON p.key = s.path WHERE s.achievement = @Value AND p.archived = 1",
            new { achievement.Value }, transaction) > 0;

    private static string? Word(string? visibility) => visibility is "shown" or "hidden" or "previous" ? visibility : null;

    private static IReadOnlyList<AchievementSetup> Read(string text) =>
        new SetupReader(new("setup.yaml")).Read(text)!.Achievements;

    /// <summary>Put away, with all of its steps off, or back again with its steps as they are. False where there is none.</summary>
    public bool Archive(string id, bool archived, Actor actor) => Change(id, actor, setup => setup with
    {
        Paths = [setup.Paths[0] with { IsArchived = archived }],
        Achievements = archived ? [.. setup.Achievements.Where(a => a.Enabled).Select(a => a with { Enabled = false })] : [],
    });

    /// <summary>Names of metrics that steps which are off count by, and that are archived: they are brought back first.</summary>
    public IReadOnlyList<string> Archived(BadgePath path)
    {
        using var connection = database.Read();
        var book = catalogue.Current(connection);
        return [.. path.Steps.Where(s => s is { IsOn: false, IsArchived: false })
            .SelectMany(s => MetricUse.ArchivedIn(book.Snapshot.Rules, s.Rule)).Select(m => book.MetricName(m.Key)).Distinct()];
    }

    /// <summary>Switches on what is off of its steps, and is not archived. False where there is none, or it is archived.</summary>
    public bool SwitchOn(string id, Actor actor) => Change(id, actor, setup => setup.Paths[0].IsArchived ? null : setup with
    {
        Paths = [],
        Achievements =
            [.. setup.Achievements.Where(a => a is { Enabled: false, IsArchived: false }).Select(a => a with { Enabled = true })],
    });

    /// <summary>
    /// A path like it, of copies of its steps, which are off: an achievement stands in one path. Null where there is none.
    /// </summary>
    public string? Copy(string id, CurrentPerson me)
    {
        AchievementBook book;
        using (var connection = database.Read()) book = catalogue.Current(connection);
        if (book.FindPath(id, me) is null) return null;
        var made = EditAchievement.FreeId($"{id}-copy", "path", i => book.Paths.All(p => p.Id != i));
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        return Change(id, me.Actor, setup =>
        {
            ids.Clear();
            foreach (var step in setup.Achievements)
                ids[step.Id] = EditAchievement.FreeId($"{step.Id}-copy", "step", i => book.Find(i) is null && !ids.ContainsValue(i));
            var names = book.All.Select(a => a.Name).ToList();
            return setup with
            {
                Paths =
                [
                    setup.Paths[0] with
                    {
                        Id = made, IsNew = true, IsArchived = false,
                        Name = CopyOf(setup.Paths[0].Name, [.. book.Paths.Select(p => p.Name)]),
                        Steps = [.. setup.Paths[0].Steps.Select(s => s with { Text = ids[s.Text] })],
                    },
                ],
                Achievements = [.. setup.Achievements.Select(a => a with
                {
                    Id = ids[a.Id], IsNew = true, Enabled = false, IsArchived = false, Name = CopyOf(a.Name, names),
                    Of = [.. a.Of.Select(of => of with { Text = ids.GetValueOrDefault(of.Text, of.Text) })],
                })],
            };
        }) ? made : null;
    }

    private Texts CopyOf(Texts name, List<LocalText> taken) => new(name.ByLanguage.ToDictionary(n => n.Key, n =>
    {
        var language = Language.Find(n.Key) ?? Language.English;
        for (var i = 1; ; i++)
        {
            var text = Language.Spoken(language, () => L["Copy of {0}", n.Value].Value) + (i == 1 ? "" : $" {i}");
            if (taken.TrueForAll(t => !string.Equals(t.In(language), text, StringComparison.OrdinalIgnoreCase))) return text;
        }
    }, StringComparer.Ordinal));

    /// <param name="change">Of what is kept of the path and its steps; null where that cannot be.</param>
    private bool Change(string id, Actor actor, Func<Setup, Setup?> change)
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            string? text;
            using (var connection = database.Read()) text = Write(connection, id);
            var problems = new YamlProblems("setup.yaml");
            if (text is null || new SetupReader(problems).Read(text) is not { Paths: [_] } kept) return false;
            if (change(kept) is not { } wanted) return false;
            var isFirst = true;
            apply.Run(wanted, problems, actor, plan: false,
                (connection, transaction) => isFirst = Writer(connection, transaction).WritePath(id) == text);
            if (!isFirst) continue;
            live.Changed(ManageFeature.Topic);
            return !problems.Any;
        }
        return false;
    }

    /// <summary>The path and its steps as a setup file.</summary>
    public string? Write(DbConnection connection, string id)
    {
        using var view = database.Snapshot(connection);
        return Writer(connection, view).WritePath(id);
    }

    private SetupWriter Writer(DbConnection connection, DbTransaction view) =>
        new(connection, view, time.GetUtcNow().ToUnixTimeMilliseconds());

    private IEnumerable<FieldProblem> Own(PathForm form, BadgePath? known, AchievementBook book, CurrentPerson me)
    {
        if (string.IsNullOrWhiteSpace(form.Name)) yield return new("Name", L["Type a name."]);
        foreach (var (field, text, most) in ((string, string?, int)[])
            [
                ("Name", form.Name, EditAchievement.LongestName), ("NameLt", form.NameLt, EditAchievement.LongestName),
                ("Description", form.Description, EditAchievement.LongestDescription),
                ("DescriptionLt", form.DescriptionLt, EditAchievement.LongestDescription),
            ])
            if (text?.Trim().Length > most) yield return new(field, L["At most {0} characters.", most]);
        foreach (var (field, language, name) in ((string, Language, string?)[])
            [("Name", Language.English, form.Name), ("NameLt", Language.Lithuanian, form.NameLt)])
            if (NamedSo(book, known?.Id, language, name) is not null) yield return new(field, L["There is a path of this name already."]);
        if (form.AllSteps.Any(s => s.Id is null || book.Find(s.Id, me) is null))
            yield return new("Steps", L["One of these is not there any more."]);
    }

    /// <summary>Another path that has this very name in the language; null also where the path itself has it already.</summary>
    public static BadgePath? NamedSo(AchievementBook book, string? id, Language language, string? name)
    {
        bool IsNamed(BadgePath path) => !string.IsNullOrWhiteSpace(name) && path.Name.Has(language)
            && string.Equals(path.Name.In(language), name.Trim(), StringComparison.OrdinalIgnoreCase);
        return book.Paths.Any(p => p.Id == id && IsNamed(p)) ? null : book.Paths.FirstOrDefault(p => p.Id != id && IsNamed(p));
    }

    private List<FieldProblem> Told(
        YamlProblems problems, IReadOnlyDictionary<YamlDotNet.RepresentationModel.YamlNode, TypedField> fields, AchievementBook book) =>
        [.. problems.InOrder().Select(p => PathWords.Of(p, p.At is { } at ? fields.GetValueOrDefault(at) : default, book, L))
            .DistinctBy(p => (p.Field, p.Text))];

    private ChangedMeanwhile Meanwhile(
        DbConnection connection, DbTransaction transaction, string id, PathForm saved, PathForm typed, AchievementBook book)
    {
        var steps = saved.AllSteps.Select(s => s.Id!).ToArray();
        var last = connection.QueryFirstOrDefault<(string? Name, long At)>(
            $"""
            SELECT actor_name, at FROM audit
            WHERE (action = 'path.changed' AND object = @id)
              OR (action = 'achievement.changed' AND {Dialect.Of(connection).Among("object", "steps")})
            ORDER BY at DESC, key DESC LIMIT 1
            """, new { id, steps }, transaction);
        return new(last.Name, last.Name is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(last.At), saved.Version!,
            [.. PathWords.Said(saved, book, L).Zip(PathWords.Said(typed, book, L)).Where(f => f.First.Value != f.Second.Value)
                .Select(f => new FormDifference(f.First.Label, f.First.Value, f.Second.Value))]);
    }
}
