using System.Data.Common;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Work;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Leaderboards;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Goals;

/// <summary>A goal as somebody asks for it.</summary>
/// <param name="Metric">Its id.</param>
/// <param name="Until">Last workday; a goal until a date needs one.</param>
/// <param name="ReviewWeeks">Weeks between two looks at it together; null for none.</param>
/// <param name="IsProposal">It begins only when the other side has agreed.</param>
public sealed record WantedGoal(
    PersonKey Person, string Metric, Comparison Comparison, Amount Target, GoalPeriod Period, Workday From, Workday? Until,
    int? ReviewWeeks, string? Words, bool IsProposal);

/// <summary>What came of it: the goal, or why it was refused, as an English text that pages translate.</summary>
public sealed record GoalOutcome(long Goal, string? Refusal);

/// <summary>
/// Sets goals, agrees on them, changes and closes them: each in one transaction that decides anew what the person has earned by them. Goals
/// act from today on; what has been reached stays.
/// </summary>
public sealed class KeepGoals(
    Database database, CatalogueStore catalogue, PersonStamps stamps, LiveHub live, WorkRunner work, TimeProvider time)
{
    public const string Topic = "goals";
    /// <summary>As many as one can have in mind.</summary>
    public const int Most = 12;
    public const int LongestWords = 1000;
    public const int MostReviewWeeks = 26;

    public static readonly string TooManyWords = Ui.Text("A comment has up to 1000 characters.");
    private static readonly string Unknown = Ui.Text("There is no such goal.");
    private static readonly string Moved = Ui.Text("Somebody has answered meanwhile: look at it again.");

    /// <param name="scope">Whose goals the actor may set.</param>
    public GoalOutcome Set(WantedGoal wanted, DataScope scope, Actor actor) => Write(wanted.Person, null, scope, actor, change =>
    {
        if (Problem(wanted, change) is { } problem) return new(0, problem);
        var metric = Metric(change.Snapshot, wanted.Metric)!;
        if (!wanted.IsProposal
            && Collides(change, wanted.Person, metric.Id, wanted.Comparison, wanted.Period, wanted.From, wanted.Until, 0))
            return new(0, Same);
        var goal = GoalStore.Insert(change.Connection, change.Transaction, new(0, wanted.Person, metric.Key, wanted.Comparison,
            wanted.Period, wanted.From, wanted.Until, null, wanted.ReviewWeeks, change.Now, null));
        change.Note(goal, wanted.IsProposal ? "proposed" : "set", wanted.Target, wanted.Words);
        if (wanted.IsProposal) ReviewGoals.Plan(change.Connection, change.Transaction, change.Snapshot, goal, change.Now);
        else change.Begin(goal, 1, wanted.From, metric, wanted.Target, isAgreed: false);
        change.Audit(wanted.IsProposal ? "goal.proposed" : "goal.set", metric.Id, new Change("target", null, wanted.Target.ToString()));
        return new(goal, null);
    });

    /// <summary>Another target, from the next period on; as a proposal it waits for the other side.</summary>
    public GoalOutcome Change(
        long goal, Amount target, string? words, bool isProposal, DataScope scope, Actor actor) => On(goal, scope, actor, (change, kept) =>
    {
        var metric = change.Newest(kept.Metric);
        if ((TargetProblem(target, kept.Comparison) ?? WordsProblem(words)) is { } problem) return new(goal, problem);
        if (kept.Goal is { } running && running.NextStart(change.Today, change.WeekStart) is null)
            return new(goal, Ui.Text("No later period is left to change: close it and set another one."));
        // A proposal is answered by another one: nobody sets alone what is being agreed on.
        if (isProposal || kept.Goal is null)
        {
            change.Note(goal, "proposed", target, words);
            change.Audit("goal.proposed", metric.Id, new Change("target", kept.Goal?.Newest.Target.ToString(), target.ToString()));
            return new(goal, null);
        }
        change.Note(goal, "changed", target, words);
        change.Audit("goal.changed", metric.Id, new Change("target", kept.Goal.Newest.Target.ToString(), target.ToString()));
        change.Begin(goal, kept.Goal.Newest.Number + 1, kept.Goal.NextStart(change.Today, change.WeekStart)!.Value, metric, target, false);
        return new(goal, null);
    });

    /// <summary>Says yes to what the other side has set or proposed last.</summary>
    /// <param name="seen">The number of that entry: what was said since has not been seen.</param>
    public GoalOutcome Accept(long goal, int seen, string? words, DataScope scope, Actor actor) => On(goal, scope, actor, (change, kept) =>
    {
        if (WordsProblem(words) is { } problem) return new(goal, problem);
        if (Agreement.Of(kept, GoalStore.Entries(change.Connection, goal, change.Transaction)).Open is not { } open || open.Number != seen
            || open.ByLeader == change.ByLeader) return new(goal, Moved);
        var metric = change.Newest(kept.Metric);
        if (open.Kind != "proposed" && kept.Goal is { } same)
        {
            // What is set already: agreeing changes nothing but that.
            GoalStore.Agree(change.Connection, change.Transaction, goal, same.Newest.Number, change.Now);
            change.Note(goal, "accepted", open.Target, words);
            change.Audit("goal.accepted", metric.Id, new Change("target", null, open.Target?.ToString()));
            change.Decide();
            return new(goal, null);
        }
        Workday? start = kept.Goal is { } running
            ? running.NextStart(change.Today, change.WeekStart)
            : Workday.Max(kept.From, change.Today);
        if (start is not { } from || kept.Until < from) return new(goal, Ui.Text("Its time is over: propose another one."));
        if (kept.Goal is null)
        {
            if (Collides(change, kept.Person, metric.Id, kept.Comparison, kept.Period, from, kept.Until, goal)) return new(goal, Same);
            GoalStore.BeginOn(change.Connection, change.Transaction, goal, from);
        }
        change.Note(goal, "accepted", open.Target, words);
        change.Audit("goal.accepted", metric.Id, new Change("target", kept.Goal?.Newest.Target.ToString(), open.Target?.ToString()));
        change.Begin(goal, (kept.Goal?.Newest.Number ?? 0) + 1, from, metric, open.Target!.Value, isAgreed: true, byLeader: open.ByLeader);
        return new(goal, null);
    });

    /// <summary>A comment, or that it was looked at together.</summary>
    public GoalOutcome Comment(
        long goal, string? words, bool isReview, DataScope scope, Actor actor) => On(goal, scope, actor, (change, _) =>
    {
        if (!isReview && string.IsNullOrWhiteSpace(words)) return new(goal, Ui.Text("Write what you think of it."));
        if (WordsProblem(words) is { } problem) return new(goal, problem);
        change.Note(goal, isReview ? "reviewed" : "commented", null, words);
        return new(goal, null);
    });

    /// <summary>Gives it up after today: what it was reached by stays.</summary>
    public GoalOutcome Close(long goal, string? words, DataScope scope, Actor actor) => On(goal, scope, actor, (change, kept) =>
    {
        if (WordsProblem(words) is { } problem) return new(goal, problem);
        GoalStore.Close(change.Connection, change.Transaction, goal, change.Today);
        change.Note(goal, "closed", null, words);
        change.Audit("goal.closed", change.Snapshot.Rules.Metric(kept.Metric).Id);
        if (kept.Goal is not null) change.Decide();
        return new(goal, null);
    });

    private static readonly string Same = Ui.Text("There is a goal for this metric and period already: change that one.");

    /// <summary>The newest version of a metric that goals may be of; null where there is none, or it is still being counted.</summary>
    public static Metric? Metric(Snapshot snapshot, string id) => snapshot.Rules.Metrics
        .Where(m => !m.Hidden && m.Ready && string.Equals(m.Metric.Id, id, StringComparison.Ordinal)).MaxBy(m => m.Version)?.Metric;

    private static string? Problem(WantedGoal wanted, GoalChange change)
    {
        if (Metric(change.Snapshot, wanted.Metric) is null) return Ui.Text("Choose what is counted.");
        if ((TargetProblem(wanted.Target, wanted.Comparison) ?? WordsProblem(wanted.Words)) is { } problem) return problem;
        if (wanted.From < change.Today || wanted.From > change.Today.Plus(Goal.Longest))
            return Ui.Text("A goal begins today or on a later day within a year.");
        if (wanted.Period == GoalPeriod.Once && wanted.Until is null) return Ui.Text("Say until when.");
        if (wanted.Until < wanted.From) return Ui.Text("It ends before it begins.");
        if (wanted.Period == GoalPeriod.Once && wanted.Until >= wanted.From.Plus(Goal.Longest))
            return Ui.Text("A goal until a date lasts a year at most.");
        if (wanted.ReviewWeeks is < 1 or > MostReviewWeeks) return Ui.Text("Between two reviews are 1 to 26 weeks.");
        var open = GoalStore.OfPerson(change.Connection, wanted.Person, change.Transaction).Count(g => g.IsOpen(change.Today));
        return open >= Most ? Ui.Text("Twelve goals at a time are enough: close one first.") : null;
    }

    private static string? TargetProblem(Amount target, Comparison comparison) =>
        target.Thousandths < 0 || (target.Thousandths == 0 && comparison == Comparison.AtLeast)
            ? Ui.Text("The target is a number above 0.") : null;

    private static string? WordsProblem(string? words) => words?.Length > LongestWords ? TooManyWords : null;

    /// <summary>Two goals for the same would be reached twice by the same work.</summary>
    private static bool Collides(
        GoalChange change, PersonKey person, string metric, Comparison comparison, GoalPeriod period, Workday from, Workday? until,
        long except) => GoalStore.OfPerson(change.Connection, person, change.Transaction).Exists(g => g.Key != except && g.Goal is not null
            && g.Period == period && g.Comparison == comparison
            && string.Equals(change.Snapshot.Rules.Metric(g.Metric).Id, metric, StringComparison.Ordinal)
            && g.From <= (until ?? Workday.End)
            && from <= Workday.Min(g.Until ?? Workday.End, g.Closed ?? Workday.End));

    private GoalOutcome On(long goal, DataScope scope, Actor actor, Func<GoalChange, KeptGoal, GoalOutcome> run)
    {
        PersonKey person;
        using (var connection = database.Read())
        {
            if (GoalStore.Find(connection, goal) is not { } known) return new(goal, Unknown);
            person = known.Person;
        }
        return Write(person, goal, scope, actor, change =>
        {
            // Held by now: what is read here is as it stays.
            var kept = GoalStore.Find(change.Connection, goal, change.Transaction)!;
            return kept.IsOpen(change.Today) ? run(change, kept) : new(goal, Ui.Text("This goal is closed."));
        });
    }

    private GoalOutcome Write(PersonKey person, long? goal, DataScope scope, Actor actor, Func<GoalChange, GoalOutcome> run)
    {
        var (made, told) = (new List<NewAward>(), new HashSet<long>());
        var outcome = database.Write((c, t) =>
        {
            made.Clear();
            told.Clear();
            // A goal of a metric of which nobody had one changes what activities are judged by.
            Rulebook.Hold(c, t);
            // Whoever leads in it hears of it as well.
            var leader = goal is { } known ? GoalStore.Leader(c, known, t) : null;
            PersonLocks.Take(c, t, [.. new[] { person, leader ?? person }.Distinct().Order()]);
            var snapshot = catalogue.Current(c, t);
            if (snapshot.Floor.Person(person) is null || !PeopleNames.InScope(c, scope, person.Value)) return new(0, Unknown);
            var change = new GoalChange(c, t, catalogue, snapshot, person, leader, actor, time.GetUtcNow().ToUnixTimeMilliseconds());
            var said = run(change);
            if (said.Refusal is null && change.IsDecided) stamps.Advance(c, t, [person]);
            made.AddRange(change.Made);
            told.UnionWith(change.Told);
            return said;
        });
        if (outcome.Refusal is not null) return outcome;
        live.Awarded(made);
        live.HeardAwards(told);
        live.Changed(Topic);
        work.Wake();
        return outcome;
    }
}

/// <summary>One transaction about one person's goals.</summary>
public sealed class GoalChange(
    DbConnection connection, DbTransaction transaction, CatalogueStore catalogue, Snapshot snapshot, PersonKey person, PersonKey? leader,
    Actor actor, long now)
{
    private readonly List<NewAward> made = [];
    private readonly HashSet<long> told = [];

    public DbConnection Connection => connection;
    public DbTransaction Transaction => transaction;
    public Snapshot Snapshot { get; private set; } = snapshot;
    public long Now => now;
    /// <summary>Somebody else than the person: a leader, or a program.</summary>
    public bool ByLeader => actor.Key != person.Value;
    public Workday Today => Snapshot.Floor.Person(person)!.WorkdayOf(now).Day;
    public NodaTime.IsoDayOfWeek WeekStart => Snapshot.Rules.WeekStart;
    public bool IsDecided { get; private set; }
    public IReadOnlyList<NewAward> Made => made;
    public IReadOnlySet<long> Told => told;

    /// <summary>Keeps what was said, and tells the other side.</summary>
    public void Note(long goal, string kind, Amount? target, string? words)
    {
        GoalStore.Note(connection, transaction, goal, kind, ByLeader, actor.Key, target,
            string.IsNullOrWhiteSpace(words) ? null : words.Trim(), now);
        if ((ByLeader ? person : leader) is not { } other) return;
        NoticeStore.Tell(connection, transaction, other, GoalNotices.Of(kind), goal, now);
        told.Add(other.Value);
    }

    public void Audit(string action, string metric, params IEnumerable<Change> changes) => Platform.Access.Audit.Write(
        connection, transaction, actor, now, action, $"{metric} · {Name}", changes);

    private string Name => PeopleNames.Of(connection, [person.Value], Today)[person.Value].Name;

    /// <summary>The newest version of a metric; the one itself where the newest is still being counted.</summary>
    public Metric Newest(MetricKey metric) =>
        KeepGoals.Metric(Snapshot, Snapshot.Rules.Metric(metric).Id) ?? Snapshot.Rules.Metric(metric);

    /// <summary>It asks for a target from a workday on.</summary>
    public void Begin(
        long goal, int number, Workday from, Metric metric, Amount target, bool isAgreed, bool? byLeader = null)
    {
        var kept = GoalStore.Find(connection, goal, transaction)!;
        GoalStore.Put(connection, transaction, goal, new(number, from, metric.Key, kept.Comparison, target,
            metric.NeedsSample ? Ranking.SampleOfAverages : 1, byLeader ?? ByLeader, now, isAgreed ? now : null));
        if (number == 1) ReviewGoals.Plan(connection, transaction, Snapshot, goal, now);
        if (!Snapshot.Rules.HasGoals(metric.Key))
        {
            Rulebook.TouchRules(connection, transaction);
            Snapshot = catalogue.Current(connection, transaction);
        }
        Decide();
    }

    /// <summary>What the person has earned by goals, and what follows from it.</summary>
    public void Decide()
    {
        IsDecided = true;
        var (decided, touched) = (new List<NewAward>(), new TouchedAwards());
        foreach (var rule in Snapshot.Rules.Rules)
            if (rule.ReadsGoals)
                decided.AddRange(
                    EvaluatePerson.Run(connection, transaction, Snapshot, rule, person, new(Today, Workday.End), now, touched));
        TellReached.Enqueue(connection, transaction, person, now);
        decided.AddRange(Followers.Run(connection, transaction, Snapshot, touched, now));
        made.AddRange(NoticeStore.Tell(connection, transaction, decided, now));
    }
}
