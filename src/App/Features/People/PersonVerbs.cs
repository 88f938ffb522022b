using System.CommandLine;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;

namespace Laurel.App.Features.People;

/// <summary><c>laurel person add</c> and <c>laurel password NAME</c>: for the first colleagues, and for whoever is locked out.</summary>
public static class PersonVerbs
{
    private const string Instead = ", or use its page People";

    public static Command Person()
    {
        var database = Verb.DatabaseOption();
        var id = new Argument<string>("key") { Description = "How activities name the person; also the name to sign in with." };
        var name = new Option<string?>("--name") { Description = "Full name; the key when not said." };
        var role = new Option<string>("--role")
        {
            Description = "agent, leader, admin, or the id of a role of your own.", DefaultValueFactory = _ => "agent",
        };
        var team = new Option<string?>("--team") { Description = "Id of the team." };
        var groups = new Option<List<string>>("--group") { Description = "Id of a group; may be said several times." };
        var division = new Option<string?>("--division") { Description = "Id of the division." };
        var site = new Option<string?>("--site") { Description = "Id of the site; usually the team's." };
        var email = new Option<string?>("--email") { Description = "Address to sign in with beside the key." };
        var password = new Option<bool>("--password") { Description = "Make a password and print it, once." };
        var add = new VerbCommand("add", "Add a person; activities that waited for the key are counted.",
            "laurel person add greta --name \"Greta Example\" --team retention --password")
        {
            id, name, role, site, team, groups, division, email, password,
        };
        add.SetAction(arguments => Verb.Change(arguments.GetValue(database)!, Instead, db => Core.Run(db, TimeProvider.System, services =>
        {
            using (var c = db.Read())
                if (c.ExecuteScalar<long>("SELECT COUNT(*) FROM site") == 0)
                {
                    Console.Error.WriteLine("laurel: there is no site yet; apply a setup file, or open the set-up page");
                    return Task.FromResult(Verb.BadUsage);
                }
            var form = new PersonForm
            {
                Id = arguments.GetValue(id), Name = arguments.GetValue(name) ?? arguments.GetValue(id), Email = arguments.GetValue(email),
                Role = arguments.GetValue(role), Team = arguments.GetValue(team), Groups = arguments.GetValue(groups),
                Division = arguments.GetValue(division),
                Site = arguments.GetValue(site), Active = true,
            };
            var held = services.GetRequiredService<HeldStore>();
            var waited = held.CountOf(form.Id!);
            var saved = ActivatorUtilities.CreateInstance<SavePerson>(services).Add(form, arguments.GetValue(password), Actor.CommandLine);
            foreach (var problem in saved.Problems) Console.Error.WriteLine($"laurel: {problem.Field.ToLowerInvariant()}: {problem.Text}");
            if (saved.Problems.Count > 0) return Task.FromResult(Verb.BadUsage);
            var said = Said(form, waited - held.CountOf(form.Id!));
            if (saved.Password is null) Console.WriteLine(said);
            else
            {
                // What a script keeps is the password alone.
                Console.Error.WriteLine($"{said} The password is shown this once, and is changed at the first sign-in.");
                Console.WriteLine(saved.Password);
            }
            return Task.FromResult(Verb.Told(services.Settle()));
        }).GetAwaiter().GetResult()));
        return new VerbCommand("person", "Add people.", "laurel person add greta --name \"Greta Example\" --team retention")
            { database, add };
    }

    private static string Said(PersonForm form, long counted)
    {
        var who = form.Name == form.Id ? form.Id : $"{form.Id} ({form.Name})";
        var said = $"Added {who}, {form.Role}{(form.Team is null ? "" : $" of {form.Team}")}.";
        return counted switch
        {
            0 => said,
            1 => $"{said} 1 activity that had waited for the key was counted.",
            _ => string.Create(CultureInfo.InvariantCulture, $"{said} {counted:N0} activities that had waited for the key were counted."),
        };
    }

    public static Command Password()
    {
        var database = Verb.DatabaseOption();
        var name = new Argument<string>("name") { Description = "Key or email of the person." };
        var command = new VerbCommand("password", "Make a new password for a person and print it, once; it is changed at the next sign-in.",
            "laurel password greta") { database, name };
        command.SetAction(arguments =>
            Verb.Change(arguments.GetValue(database)!, Instead, db => Core.Run(db, TimeProvider.System, services =>
        {
            if (new AccountStore(db, TimeProvider.System).Find(arguments.GetValue(name)!) is not { } account)
            {
                Console.Error.WriteLine($"laurel: nobody is called {arguments.GetValue(name)}");
                return Task.FromResult(Verb.FoundWrong);
            }
            Console.WriteLine(ActivatorUtilities.CreateInstance<SavePerson>(services).ResetPassword(account.Key, Actor.CommandLine));
            return Task.FromResult(Verb.Done);
        }).GetAwaiter().GetResult()));
        return command;
    }
}
