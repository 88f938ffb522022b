using System.Globalization;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Platform.Http;

/// <summary>
/// What went wrong, as the API tells it (RFC 9457): the type is stable and is explained in docs/api.md, the detail says what to
/// do next. Never holds what the sender sent but names of members.
/// </summary>
public static class Problems
{
    public const string ContentType = "application/problem+json";

    public static ProblemHttpResult NotWellFormed(string where) => Of(400, "not-well-formed", "The body is not well-formed",
        $"{where} Nothing of it was taken. Mend it and send all of it again.");

    public static ProblemHttpResult BadRequest(string detail) => Of(400, "bad-request", "The request cannot be understood", detail);

    public static ProblemHttpResult UnsupportedMedia(string detail) =>
        Of(415, "unsupported-media", "This kind of body is not taken", detail);

    public static ProblemHttpResult Rejected(string? id, string reason) => Of(422, "activity-rejected", "The activity was rejected",
        // A conflict says what to do by itself, and the same mended and sent again would be the next one.
        reason + (string.Equals(reason, ItemResult.Conflict.Reason, StringComparison.Ordinal) ? "." : ". Mend it and send it again."),
        new(StringComparer.Ordinal) { ["outcome"] = "rejected", ["reason"] = reason }, ("id", id));

    public static ProblemHttpResult GoalRefused(string reason) => Of(422, "goal-refused", "The goal was refused", reason);

    public static ProblemHttpResult PhotoRefused(string reason) => Of(422, "photo-refused", "The photo was refused", reason);

    public static ProblemHttpResult DigestRefused(string reason) => Of(422, "digest-refused", "The digest was refused", reason);

    public static ProblemHttpResult AwardRefused(string reason) => Of(422, "award-refused", "Nothing was awarded or revoked", reason);

    /// <summary>A giving by hand of this id was another one.</summary>
    public static ProblemHttpResult GrantConflict() => Of(409, "grant-conflict", "This grant gave something else",
        "Nothing was given. The same grant was sent before with other people or another note: send a new one with what is new.");

    public static ProblemHttpResult AchievementRefused(string reason) =>
        Of(422, "achievement-refused", "The achievement cannot be changed so", reason);

    /// <summary>What is asked about is being counted.</summary>
    public static ProblemHttpResult NotCounted() => Of(409, "not-counted", "What it reads is not counted yet",
        "Laurel is counting the past of what it reads. Send it again in a little while.");

    public static ProblemHttpResult PathRefused(string reason) => Of(422, "path-refused", "The path was refused", reason);

    /// <summary>What a change went by is not the newest any more.</summary>
    public static ProblemHttpResult ChangedMeanwhile(string version) => Of(409, "changed-meanwhile", "Somebody else changed it",
        "Nothing was changed. Read it again, and send the change with the version that it has now.",
        new(StringComparer.Ordinal) { ["version"] = version });

    /// <summary>What is wrong in a setup file that came as a body.</summary>
    public static ProblemHttpResult SetupRefused(IReadOnlyList<YamlProblem> problems) =>
        Of(422, "setup-refused", "The setup file has problems",
        "Nothing of it was applied. Mend what `problems` names and send it again.",
        new(StringComparer.Ordinal) { ["problems"] = problems.Select(p => new { p.Line, p.Column, p.Message }) });

    public static ProblemHttpResult TooLarge(string limit, int taken) => Of(413, "too-large", "The body is too large",
        $"{limit} {TakenSoFar(taken)} Send it in smaller parts.", Taken(taken));

    public static ProblemHttpResult Broken(string what, int taken) => Of(400, "not-well-formed", "The body is not well-formed",
        $"{what} {TakenSoFar(taken)} Send it again.", Taken(taken));

    public static ProblemHttpResult TooSlow(int taken) => Of(408, "too-slow", "The body came too slowly",
        $"{TakenSoFar(taken)} Send it again.", Taken(taken));

    public static ProblemHttpResult Busy(HttpContext http, TimeSpan retryAfter, int taken) =>
        Later(http, retryAfter, taken, "busy", "Too much is waiting");

    public static ProblemHttpResult Unavailable(HttpContext http, int taken) =>
        Later(http, Outage.RetryAfter, taken, "unavailable", "The database cannot be written just now");

    /// <summary>Nothing can be read just now, not even whose key it is.</summary>
    public static ProblemHttpResult Unreachable() => Of(503, "unavailable", "The database does not answer just now",
        "Send it again after the time that the Retry-After header gives. What was acknowledged before is not lost.");

    private static ProblemHttpResult Later(HttpContext http, TimeSpan retryAfter, int taken, string kind, string title)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds));
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Of(503, kind, title,
            $"{TakenSoFar(taken)} Send it again after {seconds} s, as the Retry-After header says.", Taken(taken));
    }

    /// <summary>A query parameter with a value that there is not.</summary>
    public static ProblemHttpResult BadParameter(string name, string expected) =>
        Of(400, "bad-request", "The request cannot be understood", $"{name} must be {expected}.");

    /// <summary>The address is right, but what it names is not there.</summary>
    public static ProblemHttpResult NotThere(string what) => Of(404, "not-there", "There is no such thing", what);

    /// <summary>For what the framework answers by itself (who are you, no such address ...), a type and the next step.</summary>
    public static void AddProblems(this IServiceCollection services) => services.AddProblemDetails(options =>
        options.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            if (problem.Detail is not null || Known(problem.Status ?? 500) is not { } known) return;
            (problem.Type, problem.Title, problem.Detail) = (TypeOf(known.Kind), known.Title, known.Detail);
        });

    /// <summary>Everything under /api answers in problem+json, refusals of the framework and defects too.</summary>
    public static void UseProblems(this WebApplication app) =>
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal), api =>
        {
            api.UseExceptionHandler();
            api.UseStatusCodePages();
        });

    private static (string Kind, string Title, string Detail)? Known(int status) => status switch
    {
        400 => ("bad-request", "The request cannot be understood", "Compare it with the description at /api/v1/openapi.json."),
        401 => ("no-key", "No API key, or one that does not hold",
            "Send the header \"Authorization: Bearer KEY\" with a key made on the page API keys."),
        403 => ("not-permitted", "The API key may not do this", "Use a key with the scope that docs/api.md names for this endpoint."),
        404 => ("no-such-address", "There is nothing at this address", "The addresses are listed at /api/v1/openapi.json."),
        405 => ("wrong-method", "This address takes other methods", "The Allow header names them."),
        408 => ("too-slow", "The body came too slowly", "Send it again."),
        413 => ("too-large", "The body is too large", "Send it in smaller parts."),
        429 => ("too-many-requests", "Too many requests", "Wait as long as the Retry-After header says."),
        500 => ("defect", "Something in Laurel is broken", "The log of the server has the details. Sending again is safe."),
        503 => ("busy", "Too much is waiting", "Send it again after the time that the Retry-After header gives."),
        _ => null,
    };

    private static ProblemHttpResult Of(
        int status, string kind, string title, string detail, Dictionary<string, object?>? more = null,
        (string Name, string? Text)? perhaps = null)
    {
        more ??= new(StringComparer.Ordinal);
        if (perhaps is (var name, { } text)) more[name] = text;
        return TypedResults.Problem(new ProblemDetails
        {
            Status = status, Type = TypeOf(kind), Title = title, Detail = detail,
            Extensions = more
        });
    }

    private static string TypeOf(string kind) => $"urn:laurel:problem:{kind}";

    private static Dictionary<string, object?> Taken(int taken) => new(StringComparer.Ordinal) { ["taken"] = taken };

    private static string TakenSoFar(int taken) => taken == 0
        ? "Nothing of it was taken."
        : string.Create(CultureInfo.InvariantCulture,
            $"The first {taken:N0} items were judged, each with its answer in `results`; ")
            + "those that were taken are duplicates when sent again.";
}
