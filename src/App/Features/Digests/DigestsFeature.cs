using Laurel.App.Features.Mail;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Work;
using Laurel.Storage;

namespace Laurel.App.Features.Digests;

/// <summary>Mails of what was earned, when somebody wants them.</summary>
public static class DigestsFeature
{
    /// <summary>What a mail holds is looked at as a mail program shows it: with its own styles, and nothing else.</summary>
    private const string MailPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

    /// <summary>Whoever runs what is due needs it, with pages or without.</summary>
    public static IServiceCollection AddDueDigests(this IServiceCollection services) => services
        .AddSingleton<DueDigests>()
        // Not by the runner itself, which is made of all the kinds.
        .AddSingleton(s => new WorkKind(DueDigests.Kind, 50, (items, _) => s.GetRequiredService<DueDigests>().Run(items))
        {
            TogetherAmongNodes = 50,
        });

    public static IServiceCollection AddDigests(this IServiceCollection services) => services
        .AddSingleton<DigestLinks>()
        .AddScoped<DigestWriter>()
        .AddSingleton<SendDigests>()
        .AddHostedService(s => s.GetRequiredService<SendDigests>());

    public static void MapDigests(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/digests/{kind}/mail", Look).RequiresPermission(Permissions.AchievementsView);
        // RFC 8058: a mail program posts without cookies or form. The page of the same address, with one button, is for people.
        routes.MapPost("/unsubscribe/{token}", Unsubscribe).AllowAnonymous().WithMetadata(new AddressIsProofAttribute()).WithOrder(-1);
        routes.MapDigestsApi();
    }

    /// <summary>The mail itself, in the frame of the preview.</summary>
    private static IResult Look(
        string kind, CurrentPerson me, Database database, DigestWriter writer, TimeProvider time, HttpContext http)
    {
        using var connection = database.Read();
        if (DigestKinds.Find(kind) is not { } wanted || DigestPreview.Of(connection, me, writer, wanted, time) is not { } letter)
            return Results.NotFound();
        http.Response.Headers.ContentSecurityPolicy = MailPolicy;
        http.Response.Headers.CacheControl = "no-store";
        return Results.Content(letter.Html, "text/html; charset=utf-8");
    }

    private static async Task<IResult> Unsubscribe(string token, HttpContext http, DigestLinks links, DueDigests digests)
    {
        if (links.Read(token) is not var (person, kind)) return Results.NotFound();
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        digests.Unsubscribe(person, kind);
        return form.ContainsKey("page")
            ? Results.LocalRedirect($"/unsubscribe/{Uri.EscapeDataString(token)}?done=true")
            : Results.Text("Unsubscribed.");
    }
}

/// <summary>The mail as it would be written if it were due now.</summary>
public static class DigestPreview
{
    /// <summary>Null where nothing was earned then, or the reader may not have it.</summary>
    public static Letter? Of(
        System.Data.Common.DbConnection connection, CurrentPerson me, DigestWriter writer, DigestKind kind, TimeProvider time)
    {
        if (!writer.May(kind)) return null;
        var schedule = (DigestSubscription.Find(connection, null, me.Key, kind) ?? DigestSubscription.Offered).Schedule;
        // Of what has been earned up to now: so one sees at once what it is like.
        var due = time.GetUtcNow().ToUnixTimeMilliseconds() + 1;
        var from = due - (long)TimeSpan.FromDays(schedule.Weekday is null ? 1 : 7).TotalMilliseconds;
        return writer.Write(connection, kind, schedule, from, due) is { } content
            ? writer.Letter(MailSettings.Of(connection), content, schedule, PeopleNames.Email(connection, me.Key) ?? "nobody@example.com",
                due, kind)
            : null;
    }
}
